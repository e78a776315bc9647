//! How personal data is shown to somebody who need not see it whole, and in logs.

/// `张三丰` → `张**`.
pub fn name(full: &str) -> String {
    let mut chars = full.chars();
    match chars.next() {
        Some(first) => std::iter::once(first).chain(chars.map(|_| '*')).collect(),
        None => String::new(),
    }
}

/// `440306199001011234` → `4403**********1234`: region and last four stay.
pub fn id_number(full: &str) -> String {
    keep(full, 4, 4)
}

/// `13800138000` → `138****8000`.
pub fn phone(full: &str) -> String {
    keep(full, 3, 4)
}

/// The beginning of an address, as far as a street.
pub fn address(full: &str) -> String {
    let start: String = full.chars().take(6).collect();
    if start.len() < full.len() { format!("{start}****") } else { start }
}

/// `zhang@example.com` → `z***@example.com`.
pub fn email(full: &str) -> String {
    match full.split_once('@') {
        Some((user, host)) => format!("{}***@{host}", user.chars().next().map(String::from).unwrap_or_default()),
        None => keep(full, 1, 0),
    }
}

fn keep(full: &str, head: usize, tail: usize) -> String {
    let n = full.chars().count();
    if n <= head + tail {
        return "*".repeat(n);
    }
    full.chars().enumerate().map(|(i, c)| if i < head || i >= n - tail { c } else { '*' }).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn each_kind_keeps_its_ends() {
        assert_eq!(super::name("张三丰"), "张**");
        assert_eq!(super::id_number("440306199001011234"), "4403**********1234");
        assert_eq!(super::phone("13800138000"), "138****8000");
        assert_eq!(super::email("zhang@example.com"), "z***@example.com");
        assert_eq!(super::phone("123"), "***");
    }
}
