//! **cloudmart**: a government-service "cloud supermarket" (政务服务"云超市").
//!
//! # The map
//!
//! Four rings; nothing points outwards. A test (`tests/it/architecture.rs`) keeps it so.
//!
//! | ring | modules | knows |
//! |---|---|---|
//! | edge | [`web`] pages · [`api`] JSON · [`cli`] commands | HTTP, no SQL |
//! | flows | [`flows`]: the order between domains; one command = one function = one transaction | the domains |
//! | domains | [`identity`] [`catalogue`] [`windows`] [`cases`] [`approval`] [`exchange`] [`notifications`] [`supervision`] | their rules and tables |
//! | base | [`kernel`] [`db`] [`files`] [`outside`] [`render`] [`jobs`] [`audit`] [`calendar`] [`config`] | nothing of the above |
//!
//! [`app`] is all that a process holds; [`sandbox`] is the world outside, simulated by real servers on loopback.
//!
//! # Glossary
//!
//! The field's words, and ours for them. One word an idea, everywhere.
//!
//! | 中文 | here | meaning |
//! |---|---|---|
//! | 政务服务事项 | item | a service that somebody may ask the government for |
//! | 实施清单 | version | one published state of an item's elements; a case keeps the one it was declared under |
//! | 要素 | element | one thing that the list says of an item: `catalogue::elements` is the table of them |
//! | 变更（新增、修订、暂停、恢复、取消） | change (new, revise, suspend, resume, withdraw) | proposed by a cataloguer (编制), reviewed by a publisher (审核) |
//! | 服务模式 | mode | how an item is handled, by what keeps it from being done online |
//! | 情形引导 | guidance | questions that tell which items and materials one's own case takes |
//! | 情形导办 | topic | a wish, such as opening a restaurant, with the questions that lead to its items |
//! | 收藏 | favourite | an item that a person keeps at hand |
//! | 办事指南 | guide | the page of an item for citizens |
//! | 申报 | declare, submit | to ask for a service; the paper or form is the declaration |
//! | 办件 | case | one declaration on its way through the offices |
//! | 办件编号 · 回执号 · 查询码 | case number · receipt number · query code | 46 characters by the standard · 12 digits for people · secret of the applicant |
//! | 预受理 / 预审 | pre-accept | a look at what came online before it is received |
//! | 收件 | receive | the materials are taken in |
//! | 受理 | accept | the office binds itself to decide; the promised limit begins |
//! | 视为受理 | deemed accepted | accepted by law since nobody answered in five working days |
//! | 不予受理 | refuse acceptance (not accepted) | |
//! | 补正、一次性告知 | correction, told once | all defects in one request |
//! | 承办 · 审核 · 批准 | handle · review · approve | the three steps of a decision, by three people |
//! | 办结 | finish | |
//! | 法定时限 · 承诺时限 | legal limit · promised limit | in working or calendar days |
//! | 交换平台 | exchange | messages to and from the systems of departments |
//! | 通用审批 | approval desk | where departments without a system decide |
//! | 办事大厅 · 窗口 · 授权 | hall · window · grant | |
//! | 监察 | supervision | |
//! | 审计 · 封存 | audit · seal | who did and saw what, in a chain that shows whether it was changed |
//! | 实人 | real-person identity | identity shown by evidence; levels 0 to 4 |
//! | 实人 | real-person identity | identity shown by evidence |
//! | 实名等级 | level of assurance | 0 to 4, by the evidence that holds today |
//! | 差异化认证 | differentiated authentication | each step of an item says what level it takes |
//! | 窗口核验 | check at the window | a clerk has seen the person and the card |
//! | 被代表人 | principal | who is acted for: a legal person, a child |
//! | 委托、代理关系 | mandate | by what somebody acts for a principal |
//! | 法定代表人 · 经办人 · 监护人 | representative · agent · guardian | who holds a mandate |

pub mod api;
pub mod app;
pub mod approval;
pub mod audit;
pub mod calendar;
pub mod cases;
pub mod catalogue;
pub mod cli;
pub mod config;
pub mod db;
pub mod exchange;
pub mod files;
pub mod flows;
pub mod identity;
pub mod jobs;

pub mod kernel;
pub mod notifications;
pub mod outside;
pub mod render;
pub mod sandbox;
pub mod supervision;
pub mod web;
pub mod windows;
pub mod work;
pub mod worker;
