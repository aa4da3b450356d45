"""Book whole paths: every task of every journey, on shared people, rooms and beds, over weeks."""
