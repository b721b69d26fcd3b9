"""Columns that say which rows are not to be sent: switches, states, notes such as `DO NOT SEND` (pure)."""

from __future__ import annotations

from collections.abc import Sequence

from importer.cells import Cell
from importer.headers import plain
from importer.patterns import Pattern
from importer.reading.kinds import NO, YES, Counted, is_whole, is_yes_no, most, says
from importer.reading.words import any_of, one_of, only, words_of

SWITCH = "a switch that turns pins on and off"
"""What `Active` seems to be: pins have no such column."""
NOT_SENT = "a column that says which rows not to send: delete those rows first"
"""What `State` over `cancelled` seems to be."""
TRACKERS = "several trackers, while a run sends to one: put the rows of each into a file of its own"
"""What `Tracker ID` seems to be where it names several."""

_SURELY_ON = one_of(r"activ(e|ated?|ation) enabled? aktiv(n\w*|e|ova\w*|aci\w*|ier\w*)? povolen\w* zapnut\w*")
_SURELY_OFF = one_of(r"(in|de)activ(e|ated?|ation) disabled? (ne|in|de)aktiv\w*")
"""Words of a header that mean a switch whatever the cells are."""
_MAYBE_ON = one_of(r"import\w* status stav use pouz\w* send posl\w* valid plati platn[yaeo] gu?e?ltig ervenyes")
_MAYBE_OFF = one_of(r"skip\w* ignor\w* presko\w*")
"""Words that mean a switch only over cells that say yes or no."""
_SWITCHES = (_SURELY_ON, _SURELY_OFF, _MAYBE_ON, _MAYBE_OFF)
_NOT = one_of("not dont don t nicht never")
"""Words that turn the meaning of a switch round: `Do not send`."""
_ABOUT_SWITCH = one_of(
    r"rows? riad\w* radek radku lines? zeilen? this tento toto it here lb luigi\w* s box kampan\w* campaigns? "
    r"recommend\w* odporuc\w* doporuc\w* empfehl\w* pinning pripnut\w* pripin\w* zobraz\w* shows? add pridat "
    r"nahra\w* upload web\w* site shop\w* eshop\w* online now flag y n yes no ano nie ne ja nein true false to in on na"
)
_OFF = one_of(
    r"vypn\w* zrus\w* zakaz\w* nezobraz\w* neposiel\w* neposlat neposilat nepouz\w* neimport\w* nepripin\w* storn\w* "
    r"cancel(l?ed)? deleted? removed? withdrawn zmaz\w* vymaz\w* smaz\w* odstran\w* deakti\w* (ne|in)akti[vw]\w* "
    r"inactiv\w* nieaktyw\w* disabled? off stop(ped)? wy[lł]acz\w* usun\w* anul\w* torol\w* kikapcs\w* inaktiv "
    r"loschen geloscht abgesagt storniert desactiv\w* supprim\w* annul\w*"
)
_ON = one_of(
    r"publik\w* publish(ed)? publi[eck]\w* zverejn\w* zobraz(it|ovat|ene|eny|eno) odosl\w* odesl\w* zapn\w* "
    r"w[lł]acz\w* bekapcs\w* online visible viditeln\w* sichtbar widoczn\w* veroffentlich\w*"
)
_ABOUT = one_of(
    r"is pins? pinu pin?y product produkt\w* item je ist from recommendation odporucan\w* the or a and be do na v"
)
_STATE = one_of(r"status\w* stav\w* states? akci[ae] actions? aktion\w* ukon operaci\w* prikaz\w* allapot\w* etat stan")
_YES = one_of(f"{YES} a active enabled aktiv aktivn[aey]")
_NO = one_of(NO)
_TRACKER = one_of(r"trackers? ids?")
_DO_NOT_SEND = Pattern(
    r"\W*(?:(?:tento |tuto )?(?:neposiela[tj]|neposilat|neposlat|neimportovat|nepouzivat|nepouzit|nezobrazovat|"
    r"nezobrazit|nepripinat|nepridavat|nenasadzovat|nenasazovat)(?:te|\W*riadok|\W*radek)?|(?:do not|don.?t|not to) "
    r"(?:send|import|use|show|pin|publish)|nicht (?:senden|importieren|verwenden|anzeigen)|"
    r"nie (?:wysy[lł]ac|importowac|uzywac|publikowac)|ne (?:kuldd|importald|hasznald)(?: el)?|"
    r"ne pas (?:envoyer|importer|utiliser|afficher)|zrusen[eayo]|storno|cancel(?:l?ed)?|anulowan[eoay]|torolve|"
    r"storniert|annule)\W*"
)


def switches(words: Sequence[str], cells: Counted, *, gaps: bool) -> str:
    """What a column seems to be that may turn rows off, by its header's words and its cells, or "".

    `gaps` tells whether it is blank in some rows.
    """
    if _turns_off(words, cells, gaps=gaps):
        return SWITCH
    if most(cells, is_yes_no):
        off, on = any_of(words, _OFF), any_of(words, _ON)
        if (off or on) and only(words, _OFF, _ON, _ABOUT) and any(says_no(cell) != off for cell, _ in cells):
            return SWITCH
    states = any_of(words, _STATE) and only(words, _STATE, _ABOUT)
    if any(says_not_to_send(cell) or (states and _is_off(cell)) for cell, _ in cells):
        return NOT_SENT
    if words[:1] in (["tracker"], ["trackers"]) and only(words, _TRACKER) and len(cells) > 1:
        return TRACKERS
    return ""


def _turns_off(words: Sequence[str], cells: Counted, *, gaps: bool) -> bool:
    """Whether a switch is off in some row. One that is on in every row says nothing: `Active` over `yes`."""
    if not any_of(words, *_SWITCHES) or not only(words, *_SWITCHES, _NOT, _ABOUT, _ABOUT_SWITCH):
        return False
    if not any_of(words, _SURELY_ON, _SURELY_OFF):
        counts = any(is_whole(cell) and not is_yes_no(cell) for cell, _ in cells)
        if counts or not most(cells, is_yes_no):
            return False
    if any_of(words, _SURELY_OFF, _MAYBE_OFF) != any_of(words, _NOT):
        return not all(says_no(cell) for cell, _ in cells)
    return gaps or not all(says(cell, _YES) for cell, _ in cells)


def sample(looks: str, cells: Counted) -> Cell:
    """A cell that shows why a column looks so."""
    telling = (cell for cell, _ in cells if says_not_to_send(cell) or _is_off(cell))
    return next(telling, cells[0][0]) if looks == NOT_SENT else cells[0][0]


def says_not_to_send(cell: Cell) -> bool:
    """Whether a cell says nothing but that its row is not to be sent."""
    return isinstance(cell, str) and _DO_NOT_SEND.re.fullmatch(plain(cell)) is not None


def _is_off(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(words := words_of(cell)) and only(words, _OFF, _ABOUT) and any_of(words, _OFF)


def says_no(cell: Cell) -> bool:
    """Whether a cell says no."""
    return says(cell, _NO)
