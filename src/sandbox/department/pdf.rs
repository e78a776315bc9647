//! The smallest PDF that a department can issue: one page of ASCII lines in a standard font.

/// A whole file. The first line is the title; what is not ASCII is left out, since no font is embedded.
pub fn page(lines: &[String]) -> Vec<u8> {
    let mut text = String::from("BT\n");
    for (i, line) in lines.iter().enumerate() {
        let (font, size) = if i == 0 { ("F2", 20) } else { ("F1", 12) };
        let y = 760 - 24 * i as i32 - if i == 0 { 0 } else { 16 };
        text.push_str(&format!("/{font} {size} Tf 1 0 0 1 72 {y} Tm ({}) Tj\n", escaped(line)));
    }
    text.push_str("ET\n2 w 54 54 487 734 re S\n");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}endstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut table = String::from("0000000000 65535 f \n");
    for (i, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", i + 1));
    }
    let (at, size) = (file.len(), objects.len() + 1);
    file.push_str(&format!("xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n"));
    file.into_bytes()
}

fn escaped(line: &str) -> String {
    let mut out = String::new();
    for c in line.chars().filter(|c| c.is_ascii() && !c.is_ascii_control()) {
        if "()\\".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_entry_of_the_table_points_at_its_object() {
        let file = String::from_utf8(super::page(&["Licence (1)".into(), "No. 许可 A\\1".into()])).unwrap_or_default();
        assert!(file.contains("(Licence \\(1\\)) Tj") && file.contains("(No.  A\\\\1) Tj"));
        let number = |text: &str| text.trim().parse::<usize>().unwrap_or(usize::MAX);
        let start = file.rsplit("startxref\n").next().and_then(|t| t.lines().next()).map(number).unwrap_or(0);
        assert!(file[start..].starts_with("xref\n0 7\n"));
        for (i, entry) in file[start..].lines().skip(3).take(6).enumerate() {
            let at = number(&entry[..10]);
            assert!(file[at..].starts_with(&format!("{} 0 obj\n", i + 1)), "{entry}");
        }
        let stream = file.split("stream\n").nth(1).and_then(|s| s.strip_suffix("end")).map_or(0, str::len);
        assert!(file.contains(&format!("/Length {stream} ")));
    }
}
