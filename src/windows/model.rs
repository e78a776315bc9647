//! Ids and what others see of halls.

use serde::{Deserialize, Serialize};

use crate::kernel::Text;

crate::id_type!(
    /// A hall.
    HallId
);

crate::text_enum!(
    /// What a hall may be granted to do for an item.
    Function {
        /// 收件
        Receive = "receive",
        /// 核验
        Verify = "verify",
        /// 受理
        Accept = "accept",
        /// 发证、送达
        HandOut = "hand_out",
    }
);

/// A hall that is open to the public.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hall {
    pub id: HallId,
    pub code: String,
    pub name: Text,
    /// 12 digits
    pub area: String,
    /// `city`, `district`, `street` or `community`
    pub level: String,
    #[serde(flatten)]
    pub about: About,
}

/// What a visitor has to know of a hall.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct About {
    pub address: Text,
    pub hours: Text,
    pub phone: String,
    pub services: Text,
    /// Degrees, WGS 84
    pub lat: f64,
    pub lng: f64,
    #[serde(default)]
    pub windows: Vec<Window>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Window {
    pub no: String,
    pub name: Text,
    /// `comprehensive` (综合窗口) or `single` (专窗)
    pub kind: String,
    /// 大综合 `large`, 小综合 `small`
    #[serde(default)]
    pub mode: Option<String>,
}
