"""Chinese: from one character up, Simplified and Traditional as one, by character and by phrase."""

import pytest

from postmortems.document import Translation
from tests.makers import make_document, make_postmortem
from tests.search.asking import ask, found, refs

pytestmark = pytest.mark.django_db

SIMPLIFIED = "集群升级导致网络中断"
TRADITIONAL = "叢集升級導致網路中斷"


@pytest.fixture
def simplified(db):
    return make_postmortem(make_document(SIMPLIFIED, language="zh-hans"))


@pytest.fixture
def traditional(db):
    return make_postmortem(make_document(TRADITIONAL, language="zh-hant"))


BOTH = [
    "集群",
    "叢集",
    "升级",
    "升級",
    "网络",
    "網路",
    "中断",
    "中斷",
    "断",
    "升",
    SIMPLIFIED,
    TRADITIONAL,
]


@pytest.mark.parametrize("text", [*BOTH, '"升级导致"', '"升級導致"', "導", "網路 叢集"])
def test_both_scripts_find_both(simplified, traditional, text):
    assert found(text) == refs(simplified, traditional)


def test_a_character_is_found_in_the_other_script(db):
    postmortem = make_postmortem(make_document("一丛树"))

    assert found("叢") == found("丛") == refs(postmortem)


def test_characters_apart_are_no_phrase(simplified):
    assert found("集断") == found("级升") == set()


def test_chinese_and_latin_may_touch(db):
    postmortem = make_postmortem(make_document("K8s集群的kube-proxy异常"))
    taiwan = make_postmortem(make_document("k8s 叢集"))

    assert found("k8s集群") == found("集群 k8s") == found("k8s叢集") == refs(postmortem, taiwan)
    assert found("kube-proxy异常") == found("kube-proxy異常") == refs(postmortem)


def test_full_width_letters_and_punctuation_are_read(db):
    postmortem = make_postmortem(make_document("ＤＮＳ 解析失败（內網）"))

    assert found("dns") == found("ＤＮＳ") == found("“解析失败”") == refs(postmortem)
    assert found("（dns OR etcd）解析") == found("解析失败，内网") == refs(postmortem)


def test_translations_are_searched_and_shown(db):
    titles = {"zh-hans": Translation("集群升级", "摘要")}
    postmortem = make_postmortem(make_document("Cluster upgrade", translations=titles))

    assert found("叢集升級") == refs(postmortem)
    assert [hit.title for hit in ask("upgrade", shown_in="zh-hans").hits] == ["集群升级"]
    assert [hit.title_language for hit in ask("upgrade", shown_in="zh-hans").hits] == ["zh-hans"]
    assert [hit.title for hit in ask("集群", shown_in="zh-hant").hits] == ["集群升级"]
    assert [hit.title for hit in ask("集群", shown_in="en").hits] == ["Cluster upgrade"]


def test_values_of_fields_are_found_by_chinese_names(db):
    postmortem = make_postmortem(make_document(terms=("cause.primary:network/dns",)))
    make_postmortem(make_document(terms=("cause.primary:time",)))

    assert found("cause：网络") == found("cause:網路") == refs(postmortem)
