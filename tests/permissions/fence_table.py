"""What fills the addresses of the platform when another bureau's fence is tried, and with which
of them somebody really sees a page.

An argument is looked up by the route's full name, then by its namespace, then by nothing: the
narrowest wins. Values are names of ``theirs.things`` where there is one, else stand for themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Values = Sequence[Any]

#: Every engagement of the other bureau that has a desk.
DESK = ("draft", "waiting", "extended", "answered", "closed", "parts", "outcome_waits", "overdue")
PAGES = ("page", "translation", "live_page", "section")

#: (route or namespace or "", argument) -> what our officer must find absent, whatever the verb.
HIDDEN: Mapping[tuple[str, str], Values] = {
    # The desk.
    ("kaifong_desk", "public_id"): (*DESK, "open", "told", "reported"),
    ("kaifong_desk:review", "public_id"): ("submission",),
    ("kaifong_desk:approve", "public_id"): ("submission",),
    ("kaifong_desk", "language"): ("zh-hant",),
    ("kaifong_desk", "place"): (1,),
    ("kaifong_desk", "item"): ("part",),
    # Reports and their files.
    ("feedback", "public_id"): ("reported", "open"),
    ("feedback", "version"): ("version",),
    ("feedback", "language"): ("en", "zh-hant", "zh-hans"),
    ("feedback", "name"): ("pdf", "xlsx", "csv", "json"),
    ("feedback", "making_id"): ("making",),
    # What is public on an open engagement is nobody's on a draft.
    ("said", "public_id"): ("draft", "waiting"),
    ("consultations", "public_id"): ("draft", "waiting"),
    ("consultations:statement_results_all", "public_id"): ("open", "draft"),
    ("questionnaires", "public_id"): ("draft", "waiting"),
    ("questionnaires", "place"): (1,),
    ("questionnaires", "token"): ("draft_token",),
    ("questionnaires", "code"): ("code",),
    ("participation", "public_id"): ("draft", "waiting"),
    ("participation:outcome", "public_id"): ("draft", "outcome_waits", "parts"),
    ("participation:support", "public_id"): ("hidden_comment", "held_comment"),
    ("participation:report", "public_id"): ("hidden_comment", "held_comment", "response"),
    ("participation:reply", "public_id"): ("public_comment", "hidden_comment", "held_comment"),
    ("participation:edit", "public_id"): ("public_comment", "hidden_comment", "response"),
    ("participation:withdraw", "public_id"): ("public_comment", "hidden_comment", "response"),
    ("participation:versions", "public_id"): ("public_comment", "hidden_comment", "response"),
    ("participation:files", "public_id"): ("held_idea", "public_idea", "public_comment"),
    ("participation:attachment", "public_id"): ("held_file",),
    ("participation:attachment-picture", "public_id"): ("held_file",),
    ("moderation:item", "kind"): ("comment",),
    ("moderation:item", "public_id"): ("item",),
    ("moderation", "kind"): ("comment",),
    ("moderation", "target_id"): ("hidden_comment", "held_comment"),
    ("ideas", "public_id"): ("contest_draft", "draft", "open"),
    ("ideas", "number"): (1,),
    ("ideas", "place"): (1,),
    ("ideas:contest", "bureau"): ("lcsd",),
    ("ideas:contest", "slug"): ("contest_draft_slug",),
    ("ideas:idea", "public_id"): ("held_idea",),
    ("ideas:versions", "public_id"): ("held_idea",),
    ("ideas:edit", "public_id"): ("held_idea", "public_idea"),
    ("ideas:drop", "public_id"): ("begun_idea",),
    ("ideas:costs", "public_id"): ("contest_draft", "their_voting", "open"),
    ("ideas:screening", "public_id"): ("their_contest", "contest_draft"),
    ("ideas:screen", "public_id"): ("public_idea", "held_idea"),
    ("ideas:merge", "public_id"): ("public_idea", "held_idea"),
    ("ideas:unmerge", "public_id"): ("public_idea", "held_idea"),
    ("ideas:status", "public_id"): ("public_idea", "held_idea"),
    ("kaifong_desk:new_of", "kind"): ("nothing",),
    ("paper", "bureau"): ("lcsd",),
    ("paper", "slug"): ("page_slug",),
    ("api", "public_id"): ("draft", "waiting"),
    ("api:report", "public_id"): ("reported", "open", "draft"),
    ("api:outcome", "public_id"): ("draft", "outcome_waits", "parts"),
    ("api:comment", "public_id"): ("public_comment", "hidden_comment", "response"),
    ("api:response", "public_id"): ("response", "public_comment"),
    ("api:vote", "public_id"): ("held_statement",),
    # People: administrators' alone, and one's own.
    ("accounts", "public_id"): ("account",),
    ("accounts:take_back_invitation", "public_id"): ("invitation",),
    ("notifications", "public_id"): ("notice",),
    # The CMS.
    ("", "page_id"): PAGES,
    ("", "parent_page_id"): ("section", "page"),
    ("", "page_to_move_id"): PAGES,
    ("", "destination_id"): ("section",),
    ("", "page_pk"): PAGES,
    ("", "revision_id"): ("revision",),
    ("", "revision_id_a"): ("earliest",),
    ("", "revision_id_b"): ("latest",),
    ("", "image_id"): ("image",),
    ("", "document_id"): ("document",),
    ("", "doc_id"): ("document",),
    ("", "filter_spec"): ("width-300",),
    ("", "uploaded_file_id"): ("upload",),
    ("", "collection_id"): ("collection",),
    ("wagtailadmin_pages", "pk"): PAGES,
    ("wagtailadmin_api:pages", "pk"): PAGES,
    ("wagtailadmin_api:images", "pk"): ("image",),
    ("wagtailadmin_api:documents", "pk"): ("document",),
    ("wagtailimages_chooser", "pk"): ("image",),
    ("wagtaildocs_chooser", "pk"): ("document",),
    ("wagtailadmin_collections", "pk"): ("collection",),
    ("wagtaillocales", "pk"): ("locale",),
    ("wagtailsites", "pk"): ("site",),
    ("wagtailusers_groups", "pk"): ("group",),
    ("", "redirect_id"): ("redirect",),
    ("wagtailadmin_api:pages:action", "action_name"): ("copy", "publish", "unpublish", "delete"),
    ("wagtailadmin_pages:add", "content_type_app_name"): ("consultations",),
    ("wagtailadmin_pages:add", "content_type_model_name"): ("consultationpage",),
    ("wagtailadmin_pages:preview_on_add", "content_type_app_name"): ("consultations",),
    ("wagtailadmin_pages:preview_on_add", "content_type_model_name"): ("consultationpage",),
    # Wagtail's workflows are not used; the page stands in the same address.
    ("", "action_name"): ("approve",),
    ("", "task_state_id"): (0,),
    ("", "task_id"): (0,),
    ("", "workflow_state_id"): (0,),
    ("wagtailadmin_editing_sessions", "app_label"): ("consultations",),
    ("wagtailadmin_editing_sessions", "model_name"): ("consultationpage",),
    ("wagtailadmin_editing_sessions", "object_id"): ("page", "live_page"),
    ("wagtailadmin_editing_sessions", "session_id"): ("session",),
    ("wagtaildocs_serve", "0"): ("document",),
    ("wagtaildocs_serve", "1"): ("document_name",),
    ("wagtail_serve", "0"): ("path",),
}

#: Sets of arguments beside the product of the table: one own, one foreign.
BESIDE: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "said:answer": ({"public_id": "open", "answer_id": "held_answer"},),
    "questionnaires:change": ({"public_id": "open", "code": "code"},),
    "questionnaires:copy": ({"public_id": "open", "code": "code"},),
    "questionnaires:about-you": ({"public_id": "open", "code": "code"},),
    "kaifong_desk:outcome_part": ({"public_id": "own", "item": "part"},),
    "kaifong_desk:outcome_part_act": ({"public_id": "own", "item": "part"},),
    "kaifong_desk:outcome_quotes": ({"public_id": "own", "item": "part"},),
    "feedback:making": ({"public_id": "own_open", "making_id": "making"},),
    "wagtailadmin_pages:move_confirm": (
        {"page_to_move_id": "own_page", "destination_id": "section"},
    ),
    "wagtailadmin_pages:revisions_view": ({"page_id": "own_page", "revision_id": "revision"},),
    "wagtailadmin_pages:revisions_revert": ({"page_id": "own_page", "revision_id": "revision"},),
    "wagtailadmin_pages:revisions_compare": (
        {"pk": "own_page", "revision_id_a": "revision", "revision_id_b": "latest"},
        {"pk": "own_page", "revision_id_a": "earliest", "revision_id_b": "revision"},
    ),
}

#: (route or namespace, argument) -> with what the page is really there; else HIDDEN's first.
SHOWN: Mapping[tuple[str, str], Any] = {
    ("kaifong_desk:take_back", "public_id"): "waiting",
    ("kaifong_desk:extend", "public_id"): "extended",
    ("kaifong_desk:received", "public_id"): "extended",
    ("kaifong_desk:questions_correct", "public_id"): "answered",
    ("kaifong_desk:try", "language"): "en",
    ("kaifong_desk:try_check", "language"): "en",
    ("kaifong_desk:try_part", "language"): "en",
    ("kaifong_desk:outcome", "public_id"): "closed",
    ("kaifong_desk:outcome_add", "public_id"): "closed",
    ("kaifong_desk:outcome_part", "public_id"): "parts",
    ("kaifong_desk:outcome_part_act", "public_id"): "parts",
    ("kaifong_desk:outcome_quotes", "public_id"): "parts",
    ("kaifong_desk:outcome_late", "public_id"): "overdue",
    ("kaifong_desk:outcome_review", "public_id"): "outcome_waits",
    ("kaifong_desk:outcome_approve", "public_id"): "outcome_waits",
    ("said", "public_id"): "open",
    ("said", "answer_id"): "answer",
    ("consultations", "public_id"): "open",
    ("questionnaires", "public_id"): "open",
    ("participation", "public_id"): "open",
    ("participation:outcome", "public_id"): "told",
    ("participation:support", "public_id"): "public_comment",
    ("participation:report", "public_id"): "public_comment",
    ("participation:reply", "public_id"): "public_comment",
    ("participation:edit", "public_id"): "public_comment",
    ("participation:withdraw", "public_id"): "public_comment",
    ("participation:versions", "public_id"): "public_comment",
    ("participation:files", "public_id"): "public_idea",
    ("participation:attachment", "public_id"): "public_file",
    ("participation:attachment-picture", "public_id"): "public_file",
    ("moderation", "target_id"): "public_comment",
    ("ideas", "public_id"): "their_contest",
    ("ideas:my_vote", "public_id"): "their_voting",
    ("ideas:vote_check", "public_id"): "their_voting",
    ("ideas:vote_withdraw", "public_id"): "their_voting",
    ("ideas:costs", "public_id"): "their_voting",
    ("ideas:totals", "public_id"): "their_voting",
    ("ideas:tally", "public_id"): "their_voting",
    ("ideas:contest", "slug"): "contest_slug",
    ("ideas:idea", "public_id"): "public_idea",
    ("ideas:versions", "public_id"): "public_idea",
    ("ideas:edit", "public_id"): "held_idea",
    ("ideas:drop", "public_id"): "begun_idea",
    ("ideas:screen", "public_id"): "public_idea",
    ("ideas:merge", "public_id"): "public_idea",
    ("ideas:unmerge", "public_id"): "public_idea",
    ("ideas:status", "public_id"): "public_idea",
    ("kaifong_desk:new_of", "kind"): "contest",
    ("paper", "slug"): "live_slug",
    ("api", "public_id"): "open",
    ("api:report", "public_id"): "open",
    ("api:outcome", "public_id"): "told",
    ("api:response", "public_id"): "response",
    ("wagtail_serve", "0"): "public_path",
    ("wagtailadmin_pages:workflow_history", "page_id"): "page",
}

#: Who sees it: the other bureau's officer unless named. "us": our officer, for it is public.
SEEN_BY: Mapping[str, str] = {
    "said": "us",
    "consultations": "us",
    "consultations:statement_results_all": "officer",
    "questionnaires": "us",
    "questionnaires:change": "author",
    "questionnaires:copy": "author",
    "questionnaires:about-you": "author",
    "participation": "us",
    "participation:reply": "officer",
    "participation:files": "author",
    "participation:edit": "author",
    "participation:withdraw": "author",
    "participation:versions": "author",
    "moderation": "us",
    "moderation:item": "moderator",
    "ideas": "us",
    "ideas:edit": "author",
    "ideas:drop": "author",
    "ideas:vote_withdraw": "author",
    "ideas:costs": "officer",
    "ideas:screening": "officer",
    "ideas:screen": "officer",
    "ideas:merge": "officer",
    "ideas:unmerge": "officer",
    "ideas:status": "officer",
    "paper": "us",
    "api": "us",
    "api:report": "officer",
    "api:response": "author",
    "wagtail_serve": "us",
    "accounts": "administrator",
    "wagtailadmin_collections": "administrator",
    "wagtaillocales": "administrator",
    "wagtailsites": "administrator",
    "wagtailusers_groups": "administrator",
    "wagtailredirects": "administrator",
}

#: Nothing to try, and why.
PUBLIC: Mapping[str, str] = {
    "participation:receipt": "whoever holds the receipt's code reads where it stands",
    "api:receipt": "whoever holds the receipt's code reads where it stands",
    "participation:follow-bureau": "the list of bodies is public",
    "participation:follow-confirm": "whoever holds the mailed link confirms by it",
    "participation:follow-stop": "whoever holds the mailed link stops by it",
    "participation:stop-mails": "whoever holds the mailed link stops by it",
    "accounts:invitation": "whoever holds the mailed link reads the invitation",
    "core:about": "footer pages are public",
    "media": "whoever was given a picture's random address sees the picture",
    "api_absent": "nothing is there for anybody",
    "devmail:one_mail": "embedded only, where one person tries it all; absent in production",
    "devmail:mail_html": "embedded only, where one person tries it all; absent in production",
    "wagtailadmin_pages:type_use": "names a kind of page; lists are tried in test_fence of papers",
    "wagtailadmin_pages:type_use_results": "names a kind of page; lists are tried there too",
    "wagtailadmin_pages:choose_parent": "names a kind of page; offers own sections alone",
    "wagtailadmin_tag_model_autocomplete": "names a kind of thing; tags are shared words",
    "wagtail_bulk_action": "names a kind of thing; the ids of its query are tried below",
}

#: What is sent, so that a write is refused for the thing and not for an empty body.
BODIES: Mapping[str, Mapping[str, Any]] = {
    "api:vote": {"choice": "agree"},
    "api:responses": {"answers": {}},
    "api:comments": {"text": "By a program", "on": "whole"},
    "api:comment": {"text": "Changed"},
}

#: Answers that are no 404 and say nothing: the same whatever the address names.
ALIKE: Mapping[str, tuple[int, str]] = {
    "wagtailadmin_editing_sessions:release": (200, "ends one's own session or none"),
    "moderation:thanks": (200, "a page of thanks that shows nothing of a hidden text"),
}

#: What the page's own people are answered in place of 200, and why.
INSTEAD: Mapping[str, tuple[int, str]] = {
    "ideas:screen": (409, "the call is not over yet"),
    "ideas:list": (302, "leads to a seed of this visit's own"),
    "ideas:tally": (404, "there is a file once the vote has closed"),
    "wagtailadmin_pages:add": (302, "a paper begins on the desk"),
    "wagtailadmin_pages:add_subpage": (302, "leads to the only kind of page there is"),
    "wagtailadmin_pages:unpublish": (302, "papers are taken away by an action alone"),
    "wagtailadmin_pages:convert_alias": (404, "there are no aliases"),
    "wagtailadmin_pages:move": (302, "papers stay in their section"),
    "wagtailadmin_pages:move_confirm": (302, "papers stay in their section"),
    "wagtailadmin_pages:copy": (302, "papers are not copied"),
    "wagtailadmin_pages:workflow_action": (404, "workflows are not used"),
    "wagtailadmin_pages:collect_workflow_action_data": (404, "workflows are not used"),
    "wagtailadmin_pages:workflow_preview": (404, "workflows are not used"),
    "wagtailadmin_pages:workflow_history_detail": (404, "workflows are not used"),
    "wagtailadmin_pages:set_privacy": (302, "administrators alone set it"),
    "wagtailadmin_pages:revisions_index": (302, "an older name of the history"),
    "wagtailadmin_pages:revisions_unschedule": (302, "papers are scheduled on the desk"),
    "wagtailimages:url_generator": (404, "sizes are made by templates alone"),
    "wagtailimages:url_generator_output": (404, "sizes are made by templates alone"),
    "notifications:open_notice": (302, "leads to what the notice is about"),
    "questionnaires:back": (302, "opens the draft of the link"),
    "participation:engagement": (302, "leads to the paper"),
    "participation:report": (302, "leads to the one form of reports"),
}

#: Addresses (by their beginning) at which nobody finds anything, administrators included.
CLOSED: Mapping[str, str] = {
    "cms/localize/": "the desk has screens of its own for translations",
    "cms/workflows/": "workflows are not used",
    "documents/authenticate_with_password/": "nothing is closed by a password",
    "en/_util/authenticate_with_password/": "nothing is closed by a password",
}
#: Led elsewhere or absent for everybody, by ``accounts.cms_urls``, which stand before Wagtail's.
REPLACED: Mapping[str, str] = {
    "cms/users/": "administrators have a page of their own for accounts",
    "cms/password_reset/": "there is one place to sign in",
    "cms/bulk/accounts/account/": "accounts change by audited actions alone",
}
