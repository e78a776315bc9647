//! The board's chart, drawn here as SVG. It carries digits alone, so that no font is needed to measure it; the words stand around it.

use charts_rs::{BarChart, Box as Space, Series};

use crate::kernel::Lang;
use crate::render::texts;
use crate::supervision::DayFlow;

const WIDTH: f32 = 480.0;
const HEIGHT: f32 = 220.0;
/// Intervals of the vertical axis.
const STEPS: usize = 4;

/// What came in and what ended, a pair of bars a day; empty when it cannot be drawn (the table below it says the same).
pub(super) fn flow(days: &[DayFlow], lang: Lang) -> String {
    let values = |of: fn(&DayFlow) -> i64| days.iter().map(|d| of(d) as f32).collect::<Vec<f32>>();
    let (submitted, finished) = (values(|d| d.submitted), values(|d| d.finished));
    let most = days.iter().map(|d| d.submitted.max(d.finished)).max().unwrap_or_default();
    let series = vec![Series::new(String::new(), submitted), Series::new(String::new(), finished)];
    let last = days.len().saturating_sub(1);
    // Every other day is named, today among them.
    let name = |(at, d): (usize, &DayFlow)| {
        if (last - at).is_multiple_of(2) { d.day.format("%-m/%-d").to_string() } else { String::new() }
    };
    let mut chart = BarChart::new(series, days.iter().enumerate().map(name).collect());
    chart.width = WIDTH;
    chart.height = HEIGHT;
    chart.margin = Space { left: 8.0, top: 10.0, right: 4.0, bottom: 0.0 };
    chart.font_family = "sans-serif".into();
    chart.background_color = charts_rs::Color::transparent();
    chart.legend.show = Some(false);
    chart.series.colors = vec!["#0a6478".into(), "#9ccdd4".into()];
    chart.grid.stroke_color = "#d6dfe3".into();
    chart.x_axis.stroke_color = "#748791".into();
    chart.x_axis.font.color = "#475a65".into();
    chart.x_axis.font.size = 13.0;
    chart.radius = Some(2.0);
    if let Some(axis) = chart.y_axis_configs.first_mut() {
        axis.font.color = "#475a65".into();
        axis.font.size = 13.0;
        axis.split_number = STEPS;
        axis.min = Some(0.0);
        axis.max = Some(top(most) as f32);
    }
    match chart.svg() {
        Ok(svg) => described(&svg, days, lang),
        Err(error) => {
            tracing::warn!(%error, "The board's chart could not be drawn.");
            String::new()
        }
    }
}

/// The top of an axis that holds `most` and has whole numbers at all its lines.
fn top(most: i64) -> i64 {
    let least = (most.max(1) + STEPS as i64 - 1) / STEPS as i64;
    let digits = least.ilog10();
    let unit = 10_i64.pow(digits.saturating_sub(1));
    // Two leading digits are enough for a line.
    (least + unit - 1) / unit * unit * STEPS as i64
}

/// Gives the picture a name and a description for those who do not see it.
fn described(svg: &str, days: &[DayFlow], lang: Lang) -> String {
    let say = |key: &str, args: &[(&str, String)]| handlebars::html_escape(&texts().with_texts(lang, key, args));
    let (mut came, mut ended) = (0, 0);
    for d in days {
        (came, ended) = (came + d.submitted, ended + d.finished);
    }
    let args = [("days", days.len().to_string()), ("submitted", came.to_string()), ("finished", ended.to_string())];
    let (title, text) = (say("supervise-days", &[]), say("supervise-days-text", &args));
    let names = format!("<title id=\"days-name\">{title}</title><desc id=\"days-text\">{text}</desc>");
    let Some((open, rest)) = svg.split_once('>') else { return String::new() };
    let open = open.replacen("<svg", "<svg role=\"img\" aria-labelledby=\"days-name days-text\"", 1);
    format!("{open}>{names}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_has_whole_numbers_and_holds_the_highest_bar() {
        for (most, wanted) in [(0, 4), (1, 4), (4, 4), (5, 8), (37, 40), (41, 44), (1284, 1320), (99_999, 100_000)] {
            assert_eq!(top(most), wanted, "{most}");
        }
    }

    #[test]
    fn the_chart_has_no_inline_style_and_says_what_it_shows() {
        let day = |n: u64| DayFlow {
            day: chrono::NaiveDate::from_ymd_opt(2026, 3, 1).unwrap() + chrono::Days::new(n),
            submitted: n as i64 * 3,
            finished: n as i64,
        };
        let svg = flow(&(0..14).map(day).collect::<Vec<_>>(), Lang::En);
        assert!(svg.contains("role=\"img\"") && svg.contains("<title") && svg.contains("273"), "{svg}");
        assert!(!svg.contains("style="), "{svg}");
        assert!(!svg.contains("<style"), "{svg}");
    }
}
