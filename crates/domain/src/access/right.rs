//! A right is one thing one may do, held in the workspace or in a project. Source: product.md, "Roles and rights".

use std::{
    fmt,
    ops::{BitAnd, BitOr},
    str::FromStr,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A name that is no right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no right {0:?}")]
pub struct UnknownRight(pub String);

macro_rules! rights {
    ($($scope:ident { $($name:ident = $slug:literal, $words:literal, $meaning:literal;)* })*) => {
        /// One thing one may do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Right {$($(
            #[doc = $words]
            $name,
        )*)*}

        impl Right {
            /// Every right, in the order of the permission matrix.
            pub const ALL: &[Self] = &[$($(Self::$name,)*)*];

            /// The name in API, URLs and tables.
            pub const fn slug(self) -> &'static str {
                match self {$($(Self::$name => $slug,)*)*}
            }

            /// The name for people, after "the right …".
            pub const fn words(self) -> &'static str {
                match self {$($(Self::$name => $words,)*)*}
            }

            /// What it covers, after its name: what a reader of the permission matrix asks next.
            pub const fn meaning(self) -> &'static str {
                match self {$($(Self::$name => $meaning,)*)*}
            }

            /// Whether it is held in a project rather than in the workspace.
            pub const fn in_project(self) -> bool {
                match self {$($(Self::$name => rights!(@ $scope),)*)*}
            }
        }

        $($(
            #[doc = concat!("Marks a proof of the right to: ", $words, ".")]
            #[derive(Clone, Copy, Debug)]
            pub struct $name;

            impl super::proof::Held for $name {
                const RIGHT: Right = Right::$name;
            }
        )*)*
    };
    (@ workspace) => { false };
    (@ project) => { true };
}

rights! {
    workspace {
        OwnWorkspace = "own_workspace", "Own the workspace", "grant and change owners, transfer or delete the workspace";
        ManageWorkspace = "manage_workspace", "Manage the workspace", "its name, sign-in rules and invitation domains";
        InviteMembers = "invite_members", "Invite members", "never above one's own rights";
        ManageMembers = "manage_members", "Manage members", "roles, removal, ending sessions, service accounts";
        ManageRoles = "manage_roles", "Manage roles", "make and change roles of one's own";
        ManageGroups = "manage_groups", "Manage groups", "sets of members that hold roles together";
        CreateProjects = "create_projects", "Create projects", "whoever creates one is Admin in it";
        ReadAudit = "read_audit", "Read the audit log", "who did what, when and from where";
        ManageIntegrations = "manage_integrations", "Manage integrations", "webhooks, issue trackers, chat";
        ManageMail = "manage_mail", "Manage mail", "look at the mail queue, pause it, try again";
        SeePrivateProjects = "see_private_projects", "See private projects", "the workspace role holds in private projects too";
    }
    project {
        ManageProject = "manage_project", "Manage the project", "settings, members, fields and deletion";
        Read = "read", "Read", "cases, runs, plans and reports";
        WriteCases = "write_cases", "Write cases", "cases, folders, step groups, labels and data sets";
        DeleteCases = "delete_cases", "Delete cases", "and take them back out of the trash";
        ReviewCases = "review_cases", "Review cases", "say that a case is ready or send it back";
        ManageRuns = "manage_runs", "Manage runs", "create, assign, close and delete runs";
        ExecuteRuns = "execute_runs", "Execute runs", "set results, by hand or by machine";
        ManagePlans = "manage_plans", "Manage plans", "runs toward a goal, with dates";
        ManageReports = "manage_reports", "Manage reports", "save, schedule and send reports";
        SharePublicly = "share_publicly", "Share publicly", "links that need no account";
        Import = "import", "Import cases", "from files and other systems";
    }
}

impl Right {
    /// Whether it is there to change what a project holds, so that it rests while the project is archived.
    pub const fn changes_content(self) -> bool {
        use Right::{
            DeleteCases, ExecuteRuns, Import, ManagePlans, ManageReports, ManageRuns, ReviewCases, WriteCases,
        };
        matches!(
            self,
            WriteCases | DeleteCases | ReviewCases | ManageRuns | ExecuteRuns | ManagePlans | ManageReports | Import
        )
    }
}

impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

impl FromStr for Right {
    type Err = UnknownRight;
    fn from_str(text: &str) -> Result<Self, UnknownRight> {
        Self::ALL.iter().copied().find(|right| right.slug() == text).ok_or_else(|| UnknownRight(text.to_owned()))
    }
}

/// A set of rights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rights(u32);

impl Rights {
    /// No right at all.
    pub const NONE: Self = Self(0);

    /// The set of these.
    pub const fn of(rights: &[Right]) -> Self {
        let (mut bits, mut i) = (0, 0);
        while i < rights.len() {
            bits |= 1 << rights[i] as u32;
            i += 1;
        }
        Self(bits)
    }

    /// Every right there is.
    pub const fn all() -> Self {
        Self::of(Right::ALL)
    }

    /// Whether `right` is among them.
    pub const fn contains(self, right: Right) -> bool {
        self.0 & (1 << right as u32) != 0
    }

    /// Whether all of them are among `other`. The ceiling is this and never a rank.
    pub const fn within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// These but not those of `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those held in a project. Any of them implies `read`.
    pub fn in_project(self) -> Self {
        let part: Self = self.iter().filter(|right| right.in_project()).collect();
        if part.is_empty() { part } else { part | Self::of(&[Right::Read]) }
    }

    /// With `read` where there is any other right of a project, which it implies.
    #[must_use]
    pub fn implied(self) -> Self {
        self | self.in_project()
    }

    /// Each of them, in the order of the permission matrix.
    pub fn iter(self) -> impl Iterator<Item = Right> {
        Right::ALL.iter().copied().filter(move |right| self.contains(*right))
    }

    /// Space-separated names, as a key's limit is stored.
    pub fn to_words(self) -> String {
        self.iter().map(Right::slug).collect::<Vec<_>>().join(" ")
    }

    /// The opposite of [`Self::to_words`].
    pub fn from_words(words: &str) -> Result<Self, UnknownRight> {
        words.split_whitespace().map(str::parse::<Right>).collect()
    }
}

impl BitOr for Rights {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for Rights {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl FromIterator<Right> for Rights {
    fn from_iter<I: IntoIterator<Item = Right>>(rights: I) -> Self {
        rights.into_iter().fold(Self::NONE, |set, right| set | Self::of(&[right]))
    }
}

impl Serialize for Rights {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter().map(Right::slug))
    }
}

impl<'de> Deserialize<'de> for Rights {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(from)?;
        names.iter().map(|name| name.parse::<Right>()).collect::<Result<_, _>>().map_err(D::Error::custom)
    }
}
