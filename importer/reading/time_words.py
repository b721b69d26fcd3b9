"""Words that say when: in English, Slovak, Czech, Polish, Hungarian, German and French, without diacritics."""

from __future__ import annotations

from importer.reading.words import one_of

START = one_of(
    r"start(s|u|ed|ing|date|datum|zeit|termin|tag)? beg[aiu]n(s|n|nt|ning|ndatum)? zaciat\w* zacat\w* zacin\w* "
    r"poczat(ek|ku) rozpocz\w* kezd(et|ete|es|ese)"
)
END = one_of(
    r"end(s|ed|ing|e|en|et|date|datum|zeit|termin)? until till koni?ec konca konce koncom koncem konci "
    r"skonc\w* ukonc\w* zakoncz\w* befejez\w*"
)
MAYBE_START = one_of(r"spust\w* zapnut\w* uruchom\w* indit\w* lancement freischalt\w* debut")
"""Words of a start only over cells that tell a time."""
MAYBE_END = one_of(
    r"vypn\w* stiahn\w* stahn\w* zastav\w* ukonc\w* switch off wylacz\w* leallit\w* arret abschalt\w* vege fin"
)
"""Words of an end only over cells that tell a time."""
SPAN = one_of(
    r"valid(ity)? platnost\w* plati platny platne platna obdobi\w* gu?e?ltig\w* period[aesy]? periods "
    r"zeitraum\w* laufzeit\w* ervenyes(seg\w*)? idoszak\w*"
)
FROM = one_of("from od von vom ab since odkedy odkdy depuis du")
TO = one_of("to do bis dokedy dokdy au jusqu")
ABOUT_TIME = one_of(
    r"dates? datum\w* days? den dni tage? times? cas\w* zeit uhr(zeit)? hours? hod\w* live shows? shown "
    r"visible display(ed)? "
    r"publish(ed)? online zobraz\w* zverejn\w* viditeln\w* sichtbar anzeigen? akti[vw]\w* activ\w* "
    r"pins? pinu pripnut\w* "
    r"kampan\w* campaign akci[ae] aktion promo\w* a and und az the of "
    r"o v at um i de la wazn\w* trva godz\w* jours?"
)
WEEKDAY = one_of(
    r"mo\w* tu\w* we\w* th\w* fr\w* sa\w* su\w* po\w* ut\w* st\w* ct\w* pia\w* pa\w* so\w* ne\w* di\w* mi\w* do\w*"
)
PART_OF_DAY = one_of(
    r"rano vecer obed poludni\w* polnoc\w* noc cel[yaeou] whole all ganze?[rns]? morning evening noon midnight"
)
WHEN = one_of(
    r"when kedy kdy wann kiedy mikor quand schedule\w* timing harmonogram live goes dates launch\w* expir\w* "
    r"deadline\w* termin(y|e)? okres"
)
"""Words of a header that asks for a time."""
PART_OF_YEAR = one_of(
    r"tyzd\w* tyden tydn\w* weeks? woche\w* kw tydzien tygod\w* het semaines? mesiac\w* mesic\w* months? monat\w* "
    r"miesiac\w* honap\w* mois kvartal\w* ctvrtlet\w* quarters? quartal\w* kwartal\w* negyedev\w* trimestres?"
)
"""Weeks, months and quarters."""
DURATION = one_of(r"trvani[ea]? duration dauer laufzeit\w* trwani\w* duree idotartam\w*")
"""Words of a header over numbers of days."""
FOR = one_of("for pre pro fu?e?r na")
"""Words after one of a span that say for whom, not when."""
NOT_OF_PIN = one_of(r"zaru[kc]\w* warrant\w* guarant\w* garan[tc]\w* cen[ay] price\w* preis\w*")
"""Words beside one of a span that say that it is that of something else."""
LOG = one_of(
    r"creat\w* updat\w* modif\w* chang\w* approv\w* sold order\w* vytvor\w* zmen\w* aktualiz\w* schval\w* "
    r"naskladn\w* objednav\w* objednan\w* zadan\w* erstellt\w* geandert\w* freigab\w* freigegeb\w* modosit\w* "
    r"letrehoz\w* zmian\w* zatwierdz\w* dodan\w*"
)
"""Words of a header over dates on which something was done."""
SHOWING = one_of(r"zobraz\w* zverejn\w* publi\w* shows? showing live online launch\w* nasad\w* goes")
"""Words of a header that speaks of what customers see."""
GOODS = one_of(
    r"dod[ae]\w* doruc\w* lehot\w* liefer\w* deliver\w* lead naskl\w* dostup\w* verfug\w* sarz\w* batch\w* "
    r"objednav\w* vydan\w*"
)
"""Words of a header over rough times of deliveries, batches and orders."""
EXPIRY = one_of(r"expir\w*")
EXCEPT = one_of(r"okrem krome except excluding ausser kivet\w* oprocz sauf")
"""Words of a header over days on which nothing is to show."""
DAYS = one_of(r"dn[iy] days? tage? weekdays? wochentage? napok jours?")
"""Words of a header over days of the week."""

MONTH_NAMES = (
    "january|januara?|janvier|janv|jan|leden|ledna|styczen|stycznia|february|februara?|fevrier|fevr|feb|unora?|luty|"
    "lutego|march|mare?c|marca|marz|maerz|mars|marzec|marcius|mar|brezen|brezna|april(?:a|is)?|avril|apr|duben|dubna|"
    "kwiecien|kwietnia|may|maj(?:a|us)?|mai|kveten|kvetna|june|jun(?:a|i|ius)?|juin|cerven|cervna|czerwiec|czerwca|july|"
    "jul(?:a|i|ius)?|juillet|juil|cervenec|cervence|lipiec|lipca|august(?:a|us)?|augusztus|aout|aug|srpen|srpna|"
    "sierpien|sierpnia|september|septembra|septembre|szeptember|sept|sep|zari|wrzesien|wrzesnia|october|oktober|"
    "oktobra|octobre|oct|okt|rijen|rijna|pazdziernika?|november|novembra|novembre|nov|listopadu?|listopada|december|"
    "decembra|decembre|dezember|dec|dez|prosinec|prosince|grudzien|grudnia"
)
"""The months as parts of a regular expression."""
