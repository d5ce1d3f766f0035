"""Everyday English words, which two texts may share without being about the same thing. Pure.

A fixed list and not a count: how rare a word is among a few dozen postmortems says little about what
it means, and how rare it is in those that the viewer may not see must decide nothing.
"""

EVERYDAY = """
able above account actually added adding against agree almost along already although always amount
another answer anything apart appear applied around asked asking away back based became become
began begin behind believe below best better between beyond brought build built call called calling
came cannot care case cases certain chance change changed changes changing check checked checking
checks choice clear close come comes coming common complete completely consider contain continue
correct could count course create created current currently customer customers daily days decide
decided deep default describe different difficult direct directly done double down easily easy
either else empty enough entire error errors especially etc even evening event events ever every
everyone everything exactly example except expect expected explain extra fact fail failed failing
fails failure failures false fast feel file files final finally find finds fine first five follow
followed following force form found four front full fully future gave general getting give given
gives giving goes going gone good great group grow guess half hand happen hard having head help
helped here high higher hold holds hope hour hours however idea important include included
including increase information inside instead into itself keep keeps kept kind knew know known
large larger last late later latest least leave left less letter level like likely limit line lines
list little live local long longer look looked looking lost lower made main make makes making
manual manually mark matter maybe mean means meant meet member message might mind minute minutes
missing mistake moment month months more morning most move moved much must name named near nearly
need needed needs never next night none normal note nothing notice noticed number numbers often
once one open opened order others otherwise outage outside overall page part parts pass passed past
people per person place plan point points possible present problem process put question quick
quickly quite rather reach reached read ready real really reason reasons recent remain remove
removed report reported reports request requests required resolve resolved rest result results
return returned right run running runs safe said same saw saying second seconds see seem seemed
seems seen send sent series serve server servers service services set sets setting several short
show showed shown shows side similar simple simply since single site sites six size slow slowly
small someone something sometimes soon sort space special stage stand start started starting starts
state states stay step steps still stood stop stopped stops strange such sure system systems take
taken takes taking talk team teams tell ten than thing things think third thought three through
time times today together told took total toward tried tries true try trying turn turned twice two
type under understand unless unlike unable update updated use user users uses using usual usually
value values various version wait waited waiting want wanted warn warned watch way ways week weeks
went whatever whether whole why will within without word words work worked working works world
worse worst write written wrong year years yesterday yet
"""
COMMON_WORDS = frozenset(EVERYDAY.split())
