"""What became of the demonstration's papers: an answer in parts, and one that is late."""

from .shapes import Both, Delay, Part

PETS_PARTS = [
    Part(
        "whole",
        "",
        asked=Both(
            "Should more parks let dogs in, and how do those who are afraid of them stay at ease?",
            "應否開放更多公園給狗隻進入？怕狗的人怎樣才能安心？",
        ),
        said=Both(
            "Most want more such parks in their own district. Those who are afraid of dogs could "
            "agree if they know when and where they will meet none.",
            "多數意見希望所住地區有更多這類公園。怕狗的市民表示，只要知道何時何地不會遇上狗隻，也可以接受。",
        ),
        verdict="adopted",
        decided=Both(
            "43 parks open to dogs, three more than proposed.",
            "開放43個公園給狗隻進入，比建議多三個。",
        ),
        why=Both(
            "Three districts had no park within a walk of twenty minutes.",
            "有三個地區步行二十分鐘內沒有這類公園。",
        ),
        change=Both(
            "Twenty parks open in spring, the others by the end of the year.",
            "二十個公園於春季開放，其餘在年底前開放。",
        ),
        change_on=60,
        quotes=("np",),
    ),
    Part(
        "chapter",
        "1",
        said=Both(
            "Playgrounds without dogs were not disputed. On the lead, some asked for three metres; "
            "most who wrote were against. Several asked for taps and bins.",
            "兒童遊樂場不准狗隻進入沒有爭議。有意見要求狗帶可長三米，但多數意見反對；亦有多份意見要求設水龍頭和垃圾桶。",
        ),
        verdict="partly",
        decided=Both(
            "Taps and bins are put at each entrance before a park opens to dogs. The lead stays at "
            "two metres.",
            "公園開放前，會先在每個入口裝妥水龍頭和垃圾桶。狗帶長度維持兩米。",
        ),
        why=Both(
            "On paths of three metres, two dogs on long leads leave no way past for a wheelchair.",
            "小徑只闊三米，兩隻狗以長狗帶牽引，輪椅便無法通過。",
        ),
        change=Both("Taps and bins at 43 parks.", "43個公園設置水龍頭和垃圾桶。"),
        change_on=45,
        quotes=("tw", "sk", "wts"),
    ),
    Part(
        "statement",
        "1",
        said=Both(
            "Most who voted want such a park in their district, in every district.",
            "多數表態者希望所住地區有這類公園，各區皆然。",
        ),
        verdict="adopted",
        decided=Both("Every district has at least one.", "每區最少有一個。"),
        why=Both(
            "The wish was as strong in districts that have a park as in those that have none.",
            "不論所住地區現時有沒有這類公園，意願同樣強烈。",
        ),
        quotes=("tw",),
    ),
    Part(
        "statement",
        "2",
        said=Both(
            "Somewhat more are for hours without dogs than against. Those for them named the early "
            "morning and the time after school.",
            "贊成設有不准狗隻進入時段的人略多於反對的人。贊成者多提出清晨和放學後的時間。",
        ),
        verdict="not-adopted",
        decided=Both(
            "There are no hours without dogs on public holidays, as some had asked; on other days "
            "there are, from 7 to 9 and from 4 to 6.",
            "有意見要求公眾假期也設不准狗隻進入的時段，我們沒有採納；其他日子的早上7時至9時、下午4時至6時則不准狗隻進入。",
        ),
        why=Both(
            "On holidays families come together, with children and dogs.",
            "假期時一家人常帶同小孩和狗隻一起到公園。",
        ),
        quotes=("ssp", "np"),
    ),
]

HARBOUR_DELAY = Delay(
    told=-30,
    reason=Both(
        "The widths of eleven kilometres of promenade have to be measured again, since two "
        "sections were rebuilt after the consultation closed.",
        "諮詢結束後有兩段海濱長廊重建，十一公里長廊的闊度須重新量度。",
    ),
    expected=25,
)
