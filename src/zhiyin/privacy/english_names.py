"""English names by the words around them: Mr. …, my name is …, spoke with …

Capitals mark far more than names, so a title or *my name is* carries any capitalised word, while *spoke with* carries
only a first word that is usual as a given name (or as a surname in pinyin).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from zhiyin.privacy.folding import BORDER
from zhiyin.privacy.kinds import PersonalKind
from zhiyin.privacy.spans import Span
from zhiyin.privacy.words import one_of, touches_letter

# Usual given names of English, Spanish and Indian customers, and surnames in pinyin. Names that are first of all words
# (Will, Mark, Grace, Bill, Rich, May, Chase) are left out: only a title or "my name is" makes names of them.
USUAL_FIRST: Final = frozenset(
    """
    Aaron Abby Abigail Adam Adrian Agnes Ahmed Aisha Alan Albert Alberto Alejandro Alex Alexander Alexandra Alexis Alfred
    Alice Alicia Alison Allan Allison Alyssa Amanda Amber Amelia Amir Amy Ana Anderson Andre Andrea Andrew Andy Angela
    Angelica Angie Anita Ann Anna Anne Annie Anthony Antonio Ariana Arthur Ashley Audrey Barbara Barry Beatrice Becky Ben
    Benjamin Bernard Beth Betty Beverly Bianca Bob Bobby Bonnie Brad Bradley Brandi Brandon Brenda Brian Brianna Brittany
    Bruce Bryan Caleb Calvin Cameron Candice Carl Carla Carlos Carmen Carol Caroline Carolyn Carrie Casey Cassandra Catherine
    Cathy Cecilia Charlene Charles Charlie Charlotte Chelsea Cheryl Chloe Chris Christina Christine Christopher
    Cindy Claire Clara Claudia Colin Connie Connor Corey Craig Crystal Curtis Cynthia Daisy Damian Dan Dana Daniel Daniela
    Danielle Danny Darlene Darren Dave David Dean Deborah Debbie Debra Denise Dennis Derek Diana Diane Diego Dolores
    Donald Donna Doris Dorothy Doug Douglas Duane Dustin Dylan Ebony Eddie Edgar Edith Eduardo Edward Edwin Eileen Elaine
    Eleanor Elena Eli Elijah Elizabeth Ella Ellen Emily Emma Enrique Eric Erica Erik Erika Erin Ernest Esther Ethan Eugene
    Eva Evan Evelyn Felicia Felipe Felix Fernando Fiona Florence Francine Francis Francisco Frank Fred Frederick Gabriel
    Gabriela Gail Garrett Gary Gavin Geoffrey George Gerald Geraldine Gina Gladys Glen Glenn Gloria Gordon Greg Gregory
    Gwen Hannah Harold Harriet Harry Hazel Heather Hector Heidi Helen Henry Herbert Holly Howard Ian Ida Irene Isaac Isabel
    Isabella Ivan Jackie Jackson Jacob Jacqueline Jaime Jake Jamal James Jamie Jane Janet Janice Jared Jasmine Jason Javier
    Jay Jean Jeanette Jeff Jeffrey Jenna Jennifer Jenny Jeremiah Jeremy Jerome Jerry Jesse Jessica Jessie Jill Jim
    Jimmy Joan Joanna Joanne Jocelyn Jodi Joe Joel Johanna John Johnny Jon Jonathan Jordan Jorge Jose Joseph Joshua Joyce
    Juan Juanita Judith Judy Julia Julian Julie Justin Karen Karina Karl Kate Katherine Kathleen Kathryn Kathy Katie Katrina
    Kayla Keith Kelly Kelsey Ken Kendra Kenneth Kevin Kim Kimberly Kristen Kristin Kristina Kristy Kyle Kylie Larry
    Latoya Laura Lauren Laurie Lawrence Leah Leo Leon Leonard Leslie Liam Lillian Linda Lindsay Lindsey Lisa Logan Lois
    Lorenzo Loretta Lori Lorraine Louis Louise Lucas Lucia Lucille Lucy Luis Luke Lydia Lynn Mabel Madison Malik Manuel
    Marcia Marco Marcos Marcus Margaret Maria Mariah Marian Marie Marilyn Mario Marissa Marjorie Marlene Marsha Martha
    Martin Marvin Mary Mason Matt Matthew Maureen Maurice Megan Melanie Melinda Melissa Meredith Michael Michele
    Michelle Miguel Mike Mildred Mindy Miranda Mitchell Mohamed Mohammed Molly Monica Monique Morgan Muhammad Myra Nancy
    Naomi Natalie Natasha Nathan Nathaniel Neil Nicholas Nicole Nina Noah Nora Norma Norman Olga Olivia Omar Oscar Owen
    Pablo Paige Pamela Patricia Patrick Paul Paula Pauline Pedro Peggy Peter Phil Philip Phillip Phyllis Priya Rachel
    Rafael Raj Ralph Ramon Randall Raquel Raul Ravi Raymond Rebecca Regina Rene Renee Ricardo Richard Rick Ricky Rita Robert
    Roberta Roberto Robin Rodney Roger Roland Ron Ronald Rosa Rosemary Roxanne Ruben Russell Ruth Ryan Sabrina Sally Sam
    Samantha Samuel Sandra Sandy Sara Sarah Scott Sean Sergio Seth Shane Shannon Sharon Shawn Sheila Shelby Shelly Sherry
    Shirley Sidney Silvia Simon Sofia Sonia Sophia Sophie Stacey Stacy Stanley Stella Stephanie Stephen Steve Steven Stuart
    Sue Susan Suzanne Sydney Sylvia Tamara Tammy Tanya Tara Tasha Taylor Ted Teresa Terrance Terri Terry Thelma Theodore
    Theresa Thomas Tiffany Tim Timothy Tina Todd Tom Tommy Toni Tony Tonya Tracey Traci Tracy Travis Trevor Tricia Troy Tyler
    Tyrone Valerie Vanessa Vera Vernon Veronica Vicki Vicky Victor Victoria Vincent Vivian Walter Wanda Wayne Wendy
    Wesley Whitney Wilfred William Willie Xavier Yasmin Yolanda Yvette Yvonne Zachary Zoe
    """.split()
)

# Surnames in pinyin, believed only with a given name behind them.
USUAL_PINYIN: Final = frozenset(
    """
    Wang Li Zhang Liu Chen Yang Zhao Huang Zhou Wu Xu Sun Ma Zhu Hu Guo He Lin Luo Zheng Liang Xie Song Tang Deng Han Feng
    Cao Peng Zeng Xiao Tian Dong Pan Yuan Cai Jiang Yu Du Ye Cheng Wei Su Lu Ding Ren Yao Zhong Qiu Xiong Meng Qin Bai Jia Xia
    """.split()
)

# Capitalised words that stand beside names, or after titles, without being part of them.
_STOP: Final = frozenset(
    """
    I Im It Its The A An And Or But If In On At To From For Of Is Was Are Be By As My We You He She They His Her Their This
    That These Those There Then When While After Before Since Because So Not No Yes Please Thank Thanks Dear Hello Hi Hey
    Who What Where Why How Which With Without About Again Also Now Today Yesterday Never Still Just Only Said Says Told
    Called Asked Stated Explained Informed Advised Claimed Customer Service Services Bank Banking Card Credit Debit Account
    Accounts Loan Loans Mortgage Department Dept Team Center Centre Office Support Representative Rep Manager Supervisor
    Agent Company Corp Inc Llc Llp Ltd Group Union Federal National American United States America Insurance Financial
    Finance Funding Capital Chase Wells Fargo Citi Citibank Equifax Experian Transunion Discover Visa Mastercard Amex
    Paypal Navient Nelnet Ocwen Nationstar Synchrony Santander Verizon Sprint Comcast Amazon Walmart Google Apple Facebook
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September
    October November December Street Avenue Road Drive Lane Court Blvd Suite Apt City County State University College
    School Hospital Court Law Attorney President Vice Director Officer Ceo Fraud Claims Dispute Disputes Collection
    Collections Recovery Solutions Management Systems Associates Partners Investment Investments Trust Home Auto Student
    Complaint Complaints Case Number Phone Email Address Date Name Names Sir Madam Mr Mrs Ms Miss Dr First Second Last Next
    New Old North South East West Mobile Online App Website Chat Call Phone Security Social Identity Protection Bureau
    Consumer Regards Sincerely Best Respectfully Re Ref Fax Subject Sent Attn Hours Vip Atm Pin Ok Usa Us Uk China Chinese
    English Word Excel Office Right Left Payment Payments Pay Check Deposit Branch Us Our Your Any All Some One Two Incorrect Wrong Misspelled Correct Different
    """.split()
)
_STOP_LOWER: Final = frozenset(
    """
    on not in being still the a an spelled misspelled listed wrong incorrect incorrectly correct correctly also now under
    attached associated removed used was is and it that this so no nowhere only never my your his her their mine already
    because but to for of with at as from by they she he we you i what who which where when why how please linked tied
    there here different similar same changed going getting gone clear cleared ruined tarnished hurt good bad mud blank
    missing showing shown appearing registered forged signed written printed fully very too just really actually first
    last middle full legal common unique or if all any one involved connected concerned mentioned deeply done ok okay well
    """.split()
)

_WORD: Final = r"[A-ZÀ-ÖØ-Þ](?:['-]?[A-ZÀ-ÖØ-Þ]?[a-zß-öø-ÿ]+)+|[A-ZÀ-ÖØ-Þ](?:['-]?[A-ZÀ-ÖØ-Þ])+"
_NAME: Final = re.compile(rf"(?:{_WORD})(?: {{1,2}}(?:[A-Z]\.? {{1,2}})?(?:{_WORD})){{0,3}}")
_PART: Final = re.compile(_WORD)

TITLES: Final = "Mr|Mrs|Ms|Mx|Dr|Prof|Miss|Mister|Madam|Madame|Professor|MR|MRS|MS|DR|MISS".split("|")
"""A capitalised word behind these is a name."""

_TITLE: Final = re.compile(one_of(TITLES) + r"(?:\. {0,2}| {1,2})(?=[A-ZÀ-ÖØ-Þ])")
_LOWER_TITLE: Final = re.compile(r"(?:mrs|mr|Mrs|Mr)\.? {1,2}(?P<name>[A-Za-z][a-z']{1,20})(?![a-z])")

INTRODUCTIONS: Final = [
    *(
        f"my {kind}{noun}{verb}"
        for kind in ("", "full ", "real ", "legal ", "first ", "last ", "maiden ")
        for noun in ("name", "names")
        for verb in (" is", "'s", ":", " was", "=", " are")
    ),
    *"i am called|people call me|please call me|cardholder:|account holder:|accountholder:|signed:|signed by|signed by:|signature:".split("|"),
    *"borrower:|applicant:|payee:|beneficiary:|in the name of|under the name|under the name of|name:|name :|customer:|contact:".split("|"),
]
"""What a name follows without much doubt, in lower case."""

_INTRODUCTION: Final = re.compile(one_of(INTRODUCTIONS))
_NAMED_LOWER: Final = re.compile(rf" {{1,2}}(?P<name>[a-z]{{2,15}}(?: [a-z]{{2,15}})?)(?= {{0,2}}[,.;!?\n{BORDER}]| (?:and|but|from|i|my) )")

NAMING_WORDS: Final = (
    "i am|i'm|im|this is|i,|hi|hello|dear|sincerely|regards|respectfully|cordially|yours truly|faithfully|thank you|thanks|best"
    "|spoke with|spoke to|speaking with|speaking to|talked with|talked to|talking with|talking to|named|name of|agent|representative|rep"
    "|manager|supervisor|officer|teller|banker|advisor|adviser|specialist|associate|employee|clerk|cashier|husband|wife|son|daughter"
    "|mother|father|brother|sister|friend|spouse|partner|mom|dad|contact|ask for|asked for|assisted by|helped by|thanks to|coworker"
    "|neighbor|landlord|attorney|lawyer|told me|transferred to|email from|letter from|call from|customer|client"
).split("|")
"""What a name may follow, in lower case: a usual first name decides."""

CHINESE_NAMING_WORDS: Final = "经理|柜员|客服|同事|人员|员工|主任|顾问|专员|感谢|表扬|投诉|我是|老师".split("|")
"""The same in Chinese text."""

_CAPITALISED: Final = re.compile(_WORD)
_NAMING_END: Final = re.compile(rf"(?:{'|'.join(NAMING_WORDS)})[,.!:]?[ \n]{{1,2}}(?:a |an |named |is |was |name is |the |mr\.? |ms\.? )?$")
_CHINESE_NAMING_END: Final = re.compile(rf"(?:{'|'.join(CHINESE_NAMING_WORDS)})[ ,:]{{0,2}}$")
_LONGEST_NAMING: Final = 32
_COMPANY_AFTER: Final = re.compile(
    " (?:Law|Code|Group|Bank|Trust|Mac|Inc|LLC|Llc|Investments?|Financial|Mortgage|Credit|University|Street|County|Insurance|Company|Corp|Auto|&)"
)
_NO_LABEL_BEFORE: Final = re.compile(
    "(?:account|company|product|file|bank|school|business|creditor|agency|user|brand|domain|store|merchant)[ ']{0,2}s? ?$", re.IGNORECASE
)
_NO_NAME: Final = re.compile("(?:ly|ing|ed|tion|ment)$")


def find_english_names(text: str, lower: str) -> Iterator[Span]:
    """Yield the English names of a folded text that its words give away."""
    for title in _TITLE.finditer(text):
        if not touches_letter(text, title.start(), title.end()) and not _is_street(text, title.start()):
            yield from _name_at(text, title.end())
    for title in _LOWER_TITLE.finditer(text):
        is_inside = touches_letter(text, title.start(), title.start("name"))
        if title["name"][0].isupper():
            if not is_inside:
                yield from _name_at(text, title.start("name"))
        elif not is_inside and title["name"].lower() not in _STOP_LOWER:
            yield Span(title.start("name"), title.end("name"), PersonalKind.NAME)
    for intro in _INTRODUCTION.finditer(lower):
        if not touches_letter(lower, intro.start(), intro.end()):
            yield from _introduced(text, intro)
    yield from _named(text, lower)


def _introduced(text: str, intro: re.Match[str]) -> Iterator[Span]:
    """The name behind *my name is* or a label; a label alone wants two words or a usual one."""
    start = intro.end()
    while start < len(text) and text[start] == " " and start - intro.end() < 2:
        start += 1
    words = intro.group()
    is_sure = words.startswith("my ") or "call" in words
    is_label_of_thing = _NO_LABEL_BEFORE.search(text, max(0, intro.start() - 12), intro.start())
    if is_sure or not is_label_of_thing:
        yield from _name_at(text, start, is_alone_allowed=is_sure)
    if is_sure:
        named = _NAMED_LOWER.match(text, intro.end())
        if named and _may_be_lower(named["name"].split()):
            yield Span(named.start("name"), named.end("name"), PersonalKind.NAME)


def _named(text: str, lower: str) -> Iterator[Span]:
    """Usual first names behind words that name people."""
    reached = 0
    for word in _CAPITALISED.finditer(text):
        known = word.group().capitalize()
        if word.start() < reached or (known not in USUAL_FIRST and known not in USUAL_PINYIN):
            continue
        before = lower[max(0, word.start() - _LONGEST_NAMING) : word.start()]
        english = _NAMING_END.search(before)
        if (english and not touches_letter(before, english.start(), len(before))) or _CHINESE_NAMING_END.search(before):
            for span in _name_at(text, word.start(), is_usual_wanted=True):
                reached = span.end
                yield span


def _may_be_lower(words: list[str]) -> bool:
    """Whether words without capitals may be a name: none of grammar, the first not built like a verb or adverb."""
    is_grammar = any(word in _STOP_LOWER for word in words)
    return not is_grammar and (words[0].capitalize() in USUAL_FIRST or not _NO_NAME.search(words[0]))


def _is_street(text: str, start: int) -> bool:
    """Whether ``Dr`` is the end of a street's name (``12 Maple Dr Springfield``)."""
    return re.search(r"[0-9] (?:[A-Z][a-z]+ ){1,3}$", text[max(0, start - 40) : start]) is not None


def _name_at(text: str, place: int, *, is_usual_wanted: bool = False, is_alone_allowed: bool = True) -> Iterator[Span]:
    """The name up to the first word that cannot be part of one. XXXX, as the CFPB redacts, is no name."""
    name = _NAME.match(text, place)
    if name is None:
        return
    words, end = [], place
    for part in _PART.finditer(name.group()):
        if part.group().capitalize() in _STOP or not set(part.group()) - {"X"}:
            break
        words.append(part.group().capitalize())
        end = place + part.end()
    if not words:
        return
    is_usual = words[0] in USUAL_FIRST or (words[0] in USUAL_PINYIN and len(words) > 1)
    if is_usual_wanted and (not is_usual or _COMPANY_AFTER.match(text, end)):
        return
    if is_usual or is_alone_allowed or len(words) > 1:
        yield Span(place, end, PersonalKind.NAME)
