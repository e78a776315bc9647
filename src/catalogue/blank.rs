//! Items of which little is said yet, and what holds for all: codes that stay for ever, and one way to say nothing.

use super::assurance::Assurance;
use super::model::{CaseKind, Contact, Conveniences, Elements, Fees, Form, Limits, Material, Online, Themes};
use crate::calendar::{Limit, Unit};
use crate::kernel::Text;

impl Material {
    /// Nothing is said of it yet.
    pub fn blank() -> Self {
        Self {
            key: String::new(),
            name: Text::default(),
            material_type: "1".into(),
            form: "3".into(),
            need: "1".into(),
            when: None,
            only_if: None,
            source: "1".into(),
            issuer: None,
            issued_within: None,
            paper: String::new(),
            basis: String::new(),
            originals: 0,
            copies: 0,
            licence_type: None,
            fill: None,
            standard: None,
            formats: vec![],
            max_mb: 20,
            sample: None,
            blank: None,
        }
    }
}

impl Elements {
    /// Nothing is said but what is most often so.
    pub fn blank() -> Self {
        let limit = Limit { days: 20, unit: Unit::Working };
        Self {
            slug: String::new(),
            name: Text::default(),
            department: String::new(),
            basic_code: String::new(),
            code: String::new(),
            handling_code: String::new(),
            local_code: String::new(),
            item_type: "01".into(),
            level: "3".into(),
            power_source: "1".into(),
            body_kind: "1".into(),
            office: None,
            joint: vec![],
            kind: CaseKind::Promise,
            audience: vec![],
            themes: Themes::default(),
            summary: Text::default(),
            keywords: vec![],
            basis: vec![],
            powers: None,
            exercise: None,
            conditions: vec![],
            quota: None,
            rights: None,
            duties: None,
            agencies: vec![],
            limits: Limits { legal: limit, promised: limit, note: None },
            steps: vec![],
            specials: vec![],
            materials: vec![],
            fees: Fees { charged: false, note: None, rows: vec![] },
            results: vec![],
            halls: vec![],
            places: vec![],
            online: Online { enabled: true, depth: "5".into(), visits: 0, visit_reason: None, url: String::new() },
            same_city: "0".into(),
            conveniences: Conveniences::default(),
            contact: Contact { consult: String::new(), complain: String::new() },
            remedy: Text::default(),
            faq: vec![],
            assurance: Assurance::of(2),
            form: Form::default(),
            complete: true,
        }
    }

    /// Sets what follows from the implementing code: level, basic code, and for a new item its address, which has to be as lasting and
    /// as much its own. What there was before stays.
    pub fn identify(&mut self, code: &str, department: &str, before: Option<&Elements>) {
        code.clone_into(&mut self.code);
        department.clone_into(&mut self.department);
        self.level = code.get(18..19).unwrap_or_default().to_owned();
        self.basic_code = code.get(19..).unwrap_or_default().to_owned();
        match before {
            Some(before) => {
                self.slug.clone_from(&before.slug);
                self.complete = before.complete;
            }
            None => self.slug = format!("{}-{}-{}", department.replace('_', "-"), self.level, self.basic_code),
        }
    }
}

impl Form {
    /// A choice without options has none, and not an empty list of them.
    pub fn tidy(&mut self) {
        for field in self.groups.iter_mut().flat_map(|g| &mut g.fields) {
            field.options = field.options.take().filter(|all| !all.is_empty());
        }
    }
}
