import numpy as np
import pytest

from sandcone.core.modularity import dci, newman, tcci
from sandcone.personalising.community import communities


def two_rings(bridge: float) -> np.ndarray:
    """Steps 0-2 and 3-6, each visited in a ring, with so many moves from one ring to the other."""
    moves = np.zeros((7, 7))
    for ring in ((0, 1, 2), (3, 4, 5, 6)):
        for a, b in zip(ring, (*ring[1:], ring[0]), strict=True):
            moves[a, b] = 10
    moves[2, 3] = bridge
    return moves


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_steps_that_patients_move_between_are_one_group(seed: int) -> None:
    assert communities(two_rings(1.0), seed=seed).tolist() == [0, 0, 0, 1, 1, 1, 1]


def test_a_step_that_nobody_moves_to_is_a_group_of_its_own() -> None:
    moves = np.zeros((4, 4))
    moves[0, 1] = moves[1, 0] = 3
    assert communities(moves, seed=1).tolist() == [0, 0, 1, 2]
    assert communities(np.zeros((3, 3)), seed=1).tolist() == [0, 1, 2]


def test_doing_the_same_step_again_is_no_move() -> None:
    moves = two_rings(1.0)
    moves[0, 0] = 500
    assert communities(moves, seed=1).tolist() == [0, 0, 0, 1, 1, 1, 1]


def test_groups_are_at_least_as_modular_as_the_ones_known_by_hand() -> None:
    moves = two_rings(2.0)
    known = np.array([0, 0, 0, 1, 1, 1, 1])
    # 72 moves, of which 70 stay inside; the ends of moves are 62 in the first ring and 82 in the second
    assert newman(moves, known) == pytest.approx(70 / 72 - (62 / 144) ** 2 - (82 / 144) ** 2)
    assert newman(moves, communities(moves, seed=1)) >= newman(moves, known) - 1e-12


def test_commonality_of_the_three_packages_of_the_field_guide() -> None:
    uses = [3, 2, 1, 1, 1, 1]  # a, b, c, d, e, f in {a,b,c} {a,b,d} {a,e,f}
    assert dci(uses) == pytest.approx(1.5)
    assert tcci(uses) == pytest.approx(0.375)
