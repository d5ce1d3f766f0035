"""Nesting, paths, the cycle test and the plan of a move."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taxonomy import tree
from taxonomy.tree import Node

#   1 network          2 platform
#   ├ 3 dns            └ 4 host
#   └ 5 cni              └ 6 kernel
NODES = {
    1: Node(1, None, "network", position=0),
    2: Node(2, None, "platform", position=1),
    3: Node(3, 1, "dns", position=0),
    4: Node(4, 2, "host", position=0),
    5: Node(5, 1, "cni", position=1),
    6: Node(6, 4, "kernel", position=0),
}


@st.composite
def forests(draw):
    """Nodes by id; each hangs at the root or below one that came before it, slugs are unique."""
    count = draw(st.integers(1, 12))
    nodes = {}
    for number in range(1, count + 1):
        parent = draw(st.sampled_from([None, *nodes]))
        nodes[number] = Node(number, parent, f"n{number}", position=draw(st.integers(0, 3)))
    return nodes


@pytest.mark.parametrize(
    ("path", "expected"),
    [("a", ["a"]), ("a/b", ["a", "a/b"]), ("a/b/c", ["a", "a/b", "a/b/c"])],
)
def test_ancestors_run_from_the_root_to_the_path_itself(path, expected):
    assert tree.ancestors(path) == expected


@pytest.mark.parametrize(("path", "expected"), [("a", ("", "a")), ("a/b/c", ("a/b", "c"))])
def test_split_and_join_are_inverse(path, expected):
    assert tree.split(path) == expected
    assert tree.join(*expected) == path


@pytest.mark.parametrize(
    ("path", "root", "expected"),
    [
        ("a/b", "a/b", True),
        ("a/b/c", "a/b", True),
        ("a/bc", "a/b", False),
        ("a", "a/b", False),
    ],
)
def test_under_means_the_root_or_below_it(path, root, expected):
    assert tree.is_under(path, root) is expected


def test_nest_orders_siblings_by_position_then_slug():
    rows = [Node(1, None, "b", position=1), Node(2, None, "a", position=1), Node(3, None, "z")]

    assert [branch.row.slug for branch in tree.nest(rows)] == ["z", "a", "b"]


def test_walk_goes_through_parents_before_children_with_their_depth():
    walked = [(row.slug, depth) for row, depth in tree.walk(tree.nest(NODES.values()))]

    assert walked == [
        ("network", 0),
        ("dns", 1),
        ("cni", 1),
        ("platform", 0),
        ("host", 1),
        ("kernel", 2),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [Node(1, 9, "orphan")],
        [Node(1, None, "root"), Node(2, 3, "a"), Node(3, 2, "b")],
        [Node(1, 1, "itself")],
    ],
)
def test_nest_refuses_what_it_would_have_to_leave_out(rows):
    with pytest.raises(ValueError, match="circle"):
        tree.nest(rows)


@given(forests())
def test_nest_keeps_every_node_once_and_below_its_parent(nodes):
    walked = [row.id for row, _depth in tree.walk(tree.nest(nodes.values()))]

    assert sorted(walked) == sorted(nodes)
    for node in nodes.values():
        if node.parent_id is not None:
            assert walked.index(node.parent_id) < walked.index(node.id)


def test_path_of_joins_the_slugs_from_the_root():
    assert tree.path_of(6, NODES) == "platform/host/kernel"


def test_path_of_refuses_a_circle():
    with pytest.raises(ValueError, match="circle"):
        tree.path_of(1, {1: Node(1, 2, "a"), 2: Node(2, 1, "b")})


@pytest.mark.parametrize(
    ("node", "parent", "expected"),
    [(2, 6, True), (2, 2, True), (6, 2, False), (2, 1, False), (2, None, False)],
)
def test_a_node_cannot_hang_below_itself(node, parent, expected):
    assert tree.would_cycle(node, parent, NODES) is expected


def test_moving_a_node_moves_all_below_it():
    assert tree.move_plan(4, 1, NODES) == {
        "platform/host": "network/host",
        "platform/host/kernel": "network/host/kernel",
    }


def test_renaming_changes_the_paths_below():
    assert tree.move_plan(4, 2, NODES, slug="machine") == {
        "platform/host": "platform/machine",
        "platform/host/kernel": "platform/machine/kernel",
    }


def test_a_node_can_become_a_root():
    assert tree.move_plan(6, None, NODES) == {"platform/host/kernel": "kernel"}


def test_staying_where_it_is_changes_nothing():
    assert tree.move_plan(4, 2, NODES) == {}


def test_moving_below_itself_is_refused():
    with pytest.raises(ValueError, match="below itself"):
        tree.move_plan(2, 6, NODES)


def test_moving_onto_a_taken_path_is_refused():
    with pytest.raises(ValueError, match="network/dns is taken"):
        tree.move_plan(6, 1, NODES, slug="dns")


@given(forests(), st.data())
def test_a_plan_says_the_paths_that_the_moved_tree_has(nodes, data):
    node = data.draw(st.sampled_from(sorted(nodes)))
    parent = data.draw(st.sampled_from([None, *nodes]))
    if tree.would_cycle(node, parent, nodes):
        return
    before = {number: tree.path_of(number, nodes) for number in nodes}

    plan = tree.move_plan(node, parent, nodes)

    moved = nodes | {node: Node(node, parent, nodes[node].slug)}
    for number, path in before.items():
        assert plan.get(path, path) == tree.path_of(number, moved)
