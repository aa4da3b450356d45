"""The columns that grow while a problem is written down as tables: one list a column, patient after patient."""

from __future__ import annotations


class Rows:
    """Columns of numbers; ``kernel.Given`` says what they mean."""

    def __init__(self) -> None:
        for name in self.__annotations__:
            setattr(self, name, [])

    tasks: list[int]
    needs: list[int]
    links: list[int]
    wishes: list[int]
    members: list[int]
    minutes: list[int]
    slack: list[int]
    pin: list[int]
    word: list[int]
    until: list[int]
    hold: list[int]
    task_of: list[int]
    pin_who: list[int]
    member: list[int]
    face: list[int]
    able: list[int]
    before: list[int]
    after: list[int]
    link_least: list[int]
    link_most: list[int]
    link_day: list[int]
    one_before: list[int]
    one_after: list[int]
    wish_kind: list[int]
    wish_a: list[int]
    wish_b: list[int]
    wish_weight: list[int]
    firm: list[int]
    least: list[int]
    modes: list[int]
