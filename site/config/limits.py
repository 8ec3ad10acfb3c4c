"""How often each action may be done: name -> ((count, seconds), ...), every window holds.

Keys are given where the action is (a person, an e-mail, a network address), each counted alone.
Addresses are shared by whole housing estates and libraries, so what is keyed by address only is
generous.
"""

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR

KAIFONG_LIMITS: dict[str, tuple[tuple[int, int], ...]] = {
    # Signing in. A code request sends a mail: a stranger's box must not be filled.
    "sign_in_code_request": ((3, HOUR), (10, DAY)),
    "sign_in_code_request_address": ((60, HOUR), (300, DAY)),
    "sign_in_code_try": ((10, HOUR),),
    "sign_in_code_try_address": ((120, HOUR),),
    # Accounts begun from one mail domain; shared providers are not counted (accounts.mail_domains).
    "new_account_domain": ((200, HOUR), (1000, DAY)),
    "password_try": ((10, 15 * MINUTE), (50, DAY)),
    "password_try_address": ((100, 15 * MINUTE),),
    "email_change": ((5, HOUR), (10, DAY)),
    "invitation": ((300, HOUR),),
    "invitation_accept": ((20, HOUR),),
    # Reports: each is a job of seconds to minutes.
    "make_report": ((6, HOUR), (30, DAY)),
    "acknowledge_report": ((30, HOUR),),
    "report_read": ((120, MINUTE),),
    # Taking part.
    "comment": ((6, MINUTE), (60, HOUR), (200, DAY)),
    "comment_anonymous": ((10, MINUTE), (300, HOUR)),
    "hold_act": ((30, MINUTE), (600, HOUR)),
    "comment_edit": ((10, MINUTE), (60, HOUR)),
    # Files. Each is opened in a process of its own for a second or so.
    "attach_file": ((20, MINUTE), (60, HOUR), (200, DAY)),
    "attach_file_address": ((60, HOUR), (300, DAY)),
    "attach_change": ((120, MINUTE), (2000, DAY)),
    "withdraw": ((30, MINUTE), (300, HOUR)),
    "support": ((60, MINUTE), (1000, DAY)),
    "draft_begin": ((30, MINUTE), (600, HOUR)),
    "draft_save": ((60, MINUTE), (2000, DAY)),
    "draft_mail": ((3, HOUR), (10, DAY)),
    "draft_mail_address": ((60, HOUR), (300, DAY)),
    "draft_link_open": ((60, MINUTE), (600, HOUR)),
    "response": ((6, MINUTE), (30, HOUR)),
    "response_anonymous": ((10, MINUTE), (300, HOUR)),
    "response_change": ((10, MINUTE), (60, HOUR)),
    "vote": ((90, MINUTE), (2000, DAY)),
    "hold_vote": ((600, MINUTE), (12000, HOUR)),
    "propose_statement": ((3, MINUTE), (20, DAY)),
    "submit_idea": ((3, MINUTE), (30, DAY)),
    "idea_draft": ((30, MINUTE), (600, DAY)),
    "coauthor_invite": ((5, HOUR), (20, DAY)),
    "coauthor_change": ((30, HOUR),),
    "similar_ideas": ((240, MINUTE),),
    "screen_idea": ((60, MINUTE),),
    "merge_ideas": ((60, MINUTE),),
    "idea_status": ((60, MINUTE),),
    "claim_place": ((30, MINUTE), (300, DAY)),
    "review_task": ((120, MINUTE),),
    "report_finding": ((6, MINUTE), (60, HOUR)),
    # By address: a whole room of people may try one build.
    "report_finding_address": ((30, MINUTE), (600, HOUR)),
    "triage_finding": ((120, MINUTE), (3000, HOUR)),
    "appeal_task": ((5, HOUR), (20, DAY)),
    # Volunteers: a form of five questions, saved as often as somebody thinks again.
    "volunteer": ((30, HOUR),),
    "answer_invitation": ((30, MINUTE), (200, HOUR)),
    "judge": ((120, MINUTE), (5000, DAY)),
    "report": ((5, MINUTE), (30, DAY)),
    # Following and reading.
    "follow": ((30, HOUR),),
    "follow_confirm": ((3, HOUR), (10, DAY)),
    "follow_change": ((30, HOUR),),
    "notice_read": ((120, MINUTE),),
    "receipt_lookup": ((20, MINUTE), (200, DAY)),
    # By address, which a whole office may share; what is written has limits of its own besides.
    "api": ((1200, MINUTE),),
    "search": ((120, MINUTE),),
    # Titles under the box, asked for while somebody types.
    "complete": ((300, MINUTE),),
    "manage_synonyms": ((60, MINUTE),),
    # Saving, changing and removing searches; ending the notices of one by a mail's link.
    "save_search": ((60, HOUR), (300, DAY)),
    "saved_search_stop": ((30, HOUR),),
    # The desk. Generous: these stop loops, not people.
    "moderate": ((120, MINUTE),),
    "official_reply": ((30, MINUTE),),
    "desk_write": ((240, MINUTE),),
    "desk_step": ((60, MINUTE), (1000, HOUR)),
    "verify_person": ((300, HOUR),),
    "manage_people": ((60, MINUTE), (1000, HOUR)),
    # Budgets and corrections of points, one at a time on purpose: there is no grant to many.
    "points_desk": ((60, MINUTE), (1000, HOUR)),
    # Rewards. Showing a code is a matter of minutes once; a counter serves a queue.
    "claim_reward": ((10, MINUTE), (30, HOUR), (100, DAY)),
    "redeem": ((10, MINUTE), (60, HOUR)),
    "show_code": ((10, HOUR), (30, DAY)),
    "reward_counter": ((60, MINUTE), (1000, HOUR)),
    "manage_rewards": ((60, MINUTE), (1000, HOUR)),
    "import_codes": ((20, HOUR),),
    # The own account.
    "settings_change": ((60, HOUR),),
}

# When the store of the counts is down these close; everything else stays open.
KAIFONG_STRICT_LIMITS = (
    "sign_in_code_request",
    "sign_in_code_request_address",
    "sign_in_code_try",
    "sign_in_code_try_address",
    "password_try",
    "password_try_address",
    "email_change",
    "invitation",
    "invitation_accept",
    "receipt_lookup",
    "claim_reward",
)
