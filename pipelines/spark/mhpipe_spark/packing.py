"""Packs what comes into groups of a size, in its order."""

import sys
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Packing(Generic[Item]):
    """The group that is being filled; it is full when the next item would make it larger than it may be."""

    def __init__(self, most_bytes: int, most_items: int = sys.maxsize) -> None:
        self.most_bytes, self.most_items = most_bytes, most_items
        self.items: list[Item] = []
        self.bytes = 0

    def add(self, item: Item, size: int) -> list[Item]:
        """Takes an item; those before it, when they are a whole group. An item that is too large is one by itself."""
        full: list[Item] = []
        if self.items and (self.bytes + size > self.most_bytes or len(self.items) >= self.most_items):
            full, self.items, self.bytes = self.items, [], 0
        self.items.append(item)
        self.bytes += size
        return full
