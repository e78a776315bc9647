//! What members of staff may do. A permission is what the program asks for; a role is a set of permissions that security administrators
//! define and give.

use serde::{Deserialize, Serialize};

/// Who keeps whom in check (三员分立, GB/T 22239-2019 8.1.5): nobody holds permissions of two realms, so that no administrator does the
/// city's business, and none may do what another looks after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Realm {
    /// 业务: windows, approval, catalogue, supervision.
    Business,
    /// 系统管理: accounts, offices, running.
    System,
    /// 安全管理: who may do what.
    Security,
    /// 审计管理: what everybody did.
    Audit,
}

impl Realm {
    pub const ALL: [Realm; 4] = [Realm::Business, Realm::System, Realm::Security, Realm::Audit];
    pub fn code(self) -> &'static str {
        match self {
            Realm::Business => "business",
            Realm::System => "system",
            Realm::Security => "security",
            Realm::Audit => "audit",
        }
    }
    /// Whether its holders are administrators, whose rights two people give.
    pub fn is_administration(self) -> bool {
        self != Realm::Business
    }
}

/// One thing that somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Permission {
    /// 窗口: pre-accepts, receives, accepts, in a hall.
    Window,
    /// 承办, in a department.
    Handle,
    /// 审核, in a department.
    Review,
    /// 批准, in a department.
    Approve,
    /// 事项编制: writes the catalogue, a department's or all of it.
    Write,
    /// 事项审核: reviews and publishes what another wrote.
    Publish,
    /// 监察, in an area, of a department, or everywhere.
    Supervise,
    /// 账号管理: makes accounts, switches them off, gives first passwords; never rights.
    Accounts,
    /// 机构管理: departments, their systems, halls.
    Offices,
    /// 运行维护: exchange and jobs.
    Operate,
    /// 授权管理: defines roles and gives them.
    Authorise,
    /// 审计: reads the log of acts.
    Audit,
}

impl Permission {
    pub const ALL: [Permission; 12] = [
        Permission::Window,
        Permission::Handle,
        Permission::Review,
        Permission::Approve,
        Permission::Write,
        Permission::Publish,
        Permission::Supervise,
        Permission::Accounts,
        Permission::Offices,
        Permission::Operate,
        Permission::Authorise,
        Permission::Audit,
    ];
    pub fn code(self) -> &'static str {
        match self {
            Permission::Window => "window",
            Permission::Handle => "handle",
            Permission::Review => "review",
            Permission::Approve => "approve",
            Permission::Write => "write",
            Permission::Publish => "publish",
            Permission::Supervise => "supervise",
            Permission::Accounts => "accounts",
            Permission::Offices => "offices",
            Permission::Operate => "operate",
            Permission::Authorise => "authorise",
            Permission::Audit => "audit",
        }
    }
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.code() == code)
    }
    pub fn realm(self) -> Realm {
        match self {
            Permission::Accounts | Permission::Offices | Permission::Operate => Realm::System,
            Permission::Authorise => Realm::Security,
            Permission::Audit => Realm::Audit,
            _ => Realm::Business,
        }
    }
}

/// A set of permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Permissions(u32);

impl Permissions {
    pub const NONE: Self = Self(0);

    pub fn has(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u32) != 0
    }
    pub fn has_any(self, of: &[Permission]) -> bool {
        of.iter().any(|p| self.has(*p))
    }
    pub fn with(self, permission: Permission) -> Self {
        Self(self.0 | (1 << permission as u32))
    }
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.into_iter().filter(move |p| self.has(*p))
    }
    pub fn codes(self) -> Vec<&'static str> {
        self.iter().map(Permission::code).collect()
    }
    /// The realms that it reaches into, each once; more than one is what nobody may hold.
    pub fn realms(self) -> Vec<Realm> {
        let mut realms: Vec<Realm> = self.iter().map(Permission::realm).collect();
        realms.sort_unstable();
        realms.dedup();
        realms
    }
    /// Whether any of it is an administrator's.
    pub fn is_administration(self) -> bool {
        self.iter().any(|p| p.realm().is_administration())
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(all: I) -> Self {
        all.into_iter().fold(Self::NONE, Self::with)
    }
}

impl<const N: usize> From<[Permission; N]> for Permissions {
    fn from(all: [Permission; N]) -> Self {
        all.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_was_put_in() {
        for (i, permission) in Permission::ALL.into_iter().enumerate() {
            assert_eq!(permission as usize, i);
            assert_eq!(Permission::from_code(permission.code()), Some(permission));
            let set = Permissions::from([permission]);
            assert_eq!(set.iter().collect::<Vec<_>>(), [permission]);
        }
        let both = Permissions::from([Permission::Window]).and([Permission::Supervise].into());
        assert_eq!(both.codes(), ["window", "supervise"]);
        assert_eq!(both.realms(), [Realm::Business]);
        assert!(!both.is_administration() && both.with(Permission::Audit).is_administration());
        assert_eq!(both.with(Permission::Audit).realms(), [Realm::Business, Realm::Audit]);
    }
}
