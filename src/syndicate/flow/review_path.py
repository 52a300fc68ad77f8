"""送审途径: the levels of review that an item's content needs in its column."""

from __future__ import annotations

from syndicate.flow.workspace import Workspace
from syndicate.model.item import Content
from syndicate.records.values import ItemRecord
from syndicate.review.path import Path, path_of
from syndicate.text.markup import plain_from_markup


def review_path(workspace: Workspace, item: ItemRecord, content: Content) -> Path:
    """The path as column, content and the office's rules make it; a column that is gone keeps what the item had."""
    column = workspace.snapshot.columns.get(item.column)
    plain = f"{content.title}\n{plain_from_markup(content.body).text}"
    levels = column.levels if column else item.levels
    return path_of(workspace.snapshot.review, levels, content, plain, workspace.white_list())
