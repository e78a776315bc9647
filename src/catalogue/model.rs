//! The elements of an item's version, as `seed-data/catalogue/items/*.json` and `cat_version.doc` hold them.

use serde::{Deserialize, Serialize};

use super::assurance::Assurance;
use crate::calendar::Limit;
use crate::kernel::{Fen, Text};

crate::id_type!(
    /// A service item.
    ItemId
);
crate::id_type!(
    /// One published state of an item.
    VersionId
);

crate::text_enum!(ItemState { Published = "published", Suspended = "suspended", Withdrawn = "withdrawn" });

/// The elements of one version. Codes are rows of dictionaries, named at each field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Elements {
    pub slug: String,
    pub name: Text,
    /// Key of the implementing department.
    pub department: String,
    /// 基本编码: its entry in the basic catalogue.
    pub basic_code: String,
    /// 实施编码
    pub code: String,
    /// 业务办理项编码: the implementing code and two digits, where the item is one of several ways to ask for the same.
    #[serde(default)]
    pub handling_code: String,
    /// What the department calls it, or the place, in a code of its own.
    #[serde(default)]
    pub local_code: String,
    /// `item_type`
    #[serde(rename = "type")]
    pub item_type: String,
    /// `exercise_level`
    pub level: String,
    #[serde(default)]
    pub power_source: String,
    /// `body_kind`: 实施主体性质
    #[serde(default)]
    pub body_kind: String,
    /// 承办机构: the office that does the work.
    #[serde(default)]
    pub office: Option<Text>,
    /// 联办机构: keys of the departments that take part.
    #[serde(default)]
    pub joint: Vec<String>,
    pub kind: CaseKind,
    /// `audience`
    pub audience: Vec<String>,
    #[serde(default)]
    pub themes: Themes,
    pub summary: Text,
    #[serde(default)]
    pub keywords: Vec<String>,
    pub basis: Vec<Basis>,
    /// 权限划分: which level decides what.
    #[serde(default)]
    pub powers: Option<Text>,
    /// 行使内容: what is done at this level.
    #[serde(default)]
    pub exercise: Option<Text>,
    pub conditions: Vec<Text>,
    /// 数量限制
    #[serde(default)]
    pub quota: Option<Text>,
    /// 申请人依法享有的权利 and 应当履行的义务
    #[serde(default)]
    pub rights: Option<Text>,
    #[serde(default)]
    pub duties: Option<Text>,
    /// 中介服务
    #[serde(default)]
    pub agencies: Vec<Agency>,
    pub limits: Limits,
    pub steps: Vec<Step>,
    /// 特别程序
    #[serde(default)]
    pub specials: Vec<Special>,
    pub materials: Vec<Material>,
    pub fees: Fees,
    pub results: Vec<Outcome>,
    /// Codes of the halls where it is handled.
    pub halls: Vec<String>,
    /// Places that are no halls of the platform: 办理地点 and 办理时间 of their own.
    #[serde(default)]
    pub places: Vec<Place>,
    pub online: Online,
    /// `same_city`
    #[serde(default)]
    pub same_city: String,
    pub conveniences: Conveniences,
    pub contact: Contact,
    /// How a decision is contested: 行政复议, 行政诉讼.
    pub remedy: Text,
    #[serde(default)]
    pub faq: Vec<Answered>,
    /// The identity level that each step needs.
    pub assurance: Assurance,
    pub form: Form,
    #[serde(default)]
    pub complete: bool,
}

/// 办件类型: on the spot, or within a promised limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CaseKind {
    Immediate,
    Promise,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Themes {
    #[serde(default)]
    pub person: Vec<String>,
    #[serde(default)]
    pub enterprise: Vec<String>,
}

/// 设定依据
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Basis {
    pub law: String,
    #[serde(default)]
    pub article: String,
    #[serde(default)]
    pub text: String,
}

/// 法定时限 and 承诺时限
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    pub legal: Limit,
    pub promised: Limit,
    #[serde(default)]
    pub note: Option<Text>,
}

/// 办理环节
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub key: String,
    pub name: Text,
    #[serde(default)]
    pub by: String,
    pub days: u32,
    pub unit: crate::calendar::Unit,
    #[serde(default)]
    pub standard: Option<Text>,
}

/// A service of somebody else that the law wants before the decision: an expert's report, a test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Agency {
    pub name: Text,
    #[serde(default)]
    pub basis: String,
    #[serde(default)]
    pub note: Option<Text>,
}

/// A procedure that is not in the promised limit: a hearing, a test, an inspection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Special {
    /// `special_procedure`
    #[serde(rename = "type")]
    pub sort: String,
    pub name: Text,
    /// At most; 0 where no law says.
    pub days: u32,
    pub unit: crate::calendar::Unit,
    #[serde(default)]
    pub note: Option<Text>,
}

/// A place of handling that is no hall.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    pub name: Text,
    pub address: Text,
    #[serde(default)]
    pub hours: Option<Text>,
    #[serde(default)]
    pub phone: String,
    #[serde(default)]
    pub traffic: Option<Text>,
}

/// 申请材料. `key` stays the same across versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Material {
    pub key: String,
    pub name: Text,
    /// `material_type`
    #[serde(rename = "type")]
    pub material_type: String,
    /// `material_form`
    pub form: String,
    /// `material_need`: 1 always, 2 in the case that `when` says
    pub need: String,
    #[serde(default)]
    pub when: Option<Text>,
    /// The same as a condition in CEL over the answers ([`super::Condition`]): where it holds the material is needed, where it does
    /// not hold it is not asked for.
    #[serde(default)]
    pub only_if: Option<String>,
    /// `material_source`
    pub source: String,
    /// Who issues it, where that is a public body.
    #[serde(default)]
    pub issuer: Option<Text>,
    /// 出具时间要求: how old it may be.
    #[serde(default)]
    pub issued_within: Option<Text>,
    /// 纸质规格: A4, A3.
    #[serde(default)]
    pub paper: String,
    /// The law that asks for it.
    #[serde(default)]
    pub basis: String,
    #[serde(default)]
    pub originals: u32,
    #[serde(default)]
    pub copies: u32,
    /// `licence_type` that could replace it
    #[serde(default)]
    pub licence_type: Option<String>,
    #[serde(default)]
    pub fill: Option<Text>,
    #[serde(default)]
    pub standard: Option<Text>,
    #[serde(default)]
    pub formats: Vec<String>,
    pub max_mb: u64,
    /// 示例样表 and 空白表格: names of files ([`super::papers`]).
    #[serde(default)]
    pub sample: Option<String>,
    #[serde(default)]
    pub blank: Option<String>,
}

impl Material {
    pub fn is_needed(&self) -> bool {
        self.need == "1"
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fees {
    pub charged: bool,
    #[serde(default)]
    pub note: Option<Text>,
    #[serde(default)]
    pub rows: Vec<Fee>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fee {
    pub name: Text,
    pub standard: Text,
    pub amount_fen: Fen,
    #[serde(default)]
    pub basis: String,
    /// Who pays less, or nothing.
    #[serde(default)]
    pub reduction: Option<Text>,
}

/// 审批结果
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// `result_type`
    #[serde(rename = "type")]
    pub result_type: String,
    pub name: Text,
    #[serde(default)]
    pub validity: Option<Text>,
    /// 结果样本: name of a file.
    #[serde(default)]
    pub sample: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Online {
    pub enabled: bool,
    /// `online_depth`
    pub depth: String,
    /// 到办事现场次数
    pub visits: u32,
    #[serde(default)]
    pub visit_reason: Option<Text>,
    /// 网办地址: a site of the department where it can be done as well.
    #[serde(default)]
    pub url: String,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Conveniences {
    #[serde(default)]
    pub appointment: bool,
    #[serde(default)]
    pub online_payment: bool,
    #[serde(default)]
    pub delivery: bool,
    #[serde(default)]
    pub terminal: bool,
    /// Materials may come by mail.
    #[serde(default)]
    pub mail_in: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    pub consult: String,
    pub complain: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    pub q: Text,
    pub a: Text,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Form {
    pub groups: Vec<Group>,
}

impl Form {
    /// All fields, those of repeated groups too.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.groups.iter().flat_map(|g| &g.fields)
    }
    /// The fields that are asked once.
    pub fn single(&self) -> impl Iterator<Item = &Field> {
        self.groups.iter().filter(|g| !g.is_repeated()).flat_map(|g| &g.fields)
    }
    /// Whether answers can stand under this key: a field's, or a repeated group's for its rows.
    pub fn knows(&self, key: &str) -> bool {
        self.groups.iter().any(|g| if g.is_repeated() { g.key == key } else { g.fields.iter().any(|f| f.key == key) })
    }
}

/// Questions that belong together. A repeated group is asked in rows; its answers are a list of objects under its key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    pub key: String,
    pub title: Text,
    /// 情形引导: its questions tell what else is asked and which materials are needed, and are asked before the declaration, too.
    #[serde(default)]
    pub is_guide: bool,
    /// Condition in CEL.
    #[serde(default)]
    pub only_if: Option<String>,
    #[serde(default)]
    pub least_rows: Option<u32>,
    /// The group is repeated, at most so often.
    #[serde(default)]
    pub most_rows: Option<u32>,
    pub fields: Vec<Field>,
}

impl Group {
    pub fn is_repeated(&self) -> bool {
        self.most_rows.is_some()
    }
}

/// One question. `key` stays the same across versions; `fact` names what it means in the shared field dictionary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field {
    pub key: String,
    #[serde(default)]
    pub fact: Option<String>,
    pub kind: FieldKind,
    pub label: Text,
    #[serde(default)]
    pub help: Option<Text>,
    #[serde(default)]
    pub required: bool,
    /// Condition in CEL: it is asked only where this holds.
    #[serde(default)]
    pub only_if: Option<String>,
    #[serde(default)]
    pub max_length: Option<usize>,
    #[serde(default)]
    pub min: Option<f64>,
    #[serde(default)]
    pub max: Option<f64>,
    #[serde(default)]
    pub options: Option<Vec<Choice>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    Text,
    Textarea,
    Date,
    Number,
    Select,
    Radio,
    Checkbox,
    IdNumber,
    Uscc,
    Phone,
    Email,
    Address,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    pub value: String,
    pub label: Text,
}
