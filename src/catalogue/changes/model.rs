//! What a change is.

use serde::Serialize;

use super::super::model::{Elements, ItemId, ItemState};
use crate::identity::DepartmentId;
use crate::kernel::{Day, Id, Text, Ts};

crate::id_type!(
    /// A proposed change.
    ChangeId
);

crate::text_enum!(
    /// What is proposed.
    ChangeKind {
        /// 新增
        New = "new",
        /// 变更
        Revise = "revise",
        /// 暂停
        Suspend = "suspend",
        /// 恢复
        Resume = "resume",
        /// 取消
        Withdraw = "withdraw",
    }
);

crate::text_enum!(ChangeState {
    Draft = "draft",
    Review = "review",
    /// Approved, and in force from its day.
    Planned = "planned",
    /// In force.
    Done = "done",
    /// Given up.
    Dropped = "dropped",
});

impl ChangeState {
    pub fn is_open(self) -> bool {
        matches!(self, ChangeState::Draft | ChangeState::Review | ChangeState::Planned)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub id: ChangeId,
    /// Nothing for a new item that is not yet in force.
    pub item_id: Option<ItemId>,
    pub department_id: DepartmentId,
    pub kind: ChangeKind,
    pub state: ChangeState,
    pub code: String,
    pub name: Text,
    /// The version that it began from; 0 for a new item.
    pub base_no: i32,
    /// The version that it became.
    pub no: Option<i32>,
    /// New and revised elements.
    pub doc: Option<Elements>,
    /// Counts what was saved, so that two who edit at once notice each other.
    pub revision: i32,
    pub reason: String,
    /// The reviewer's last word.
    pub opinion: String,
    /// The first day on which it is in force; nothing: as soon as it is approved.
    pub effective_on: Option<Day>,
    pub author_id: Id,
    pub reviewer_id: Option<Id>,
    pub created_at: Ts,
    pub updated_at: Ts,
    pub submitted_at: Option<Ts>,
    pub done_at: Option<Ts>,
}

/// A line of the list of changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangeRow {
    pub id: ChangeId,
    pub kind: ChangeKind,
    pub state: ChangeState,
    pub code: String,
    pub name: Text,
    pub revision: i32,
    pub effective_on: Option<Day>,
    pub author_id: Id,
    pub updated_at: Ts,
}

/// An item as those who keep the catalogue see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    pub id: ItemId,
    pub department_id: DepartmentId,
    pub state: ItemState,
    pub no: i32,
    pub elements: Elements,
    pub published_at: Ts,
}
