//! A picture of requests against the number of wanted integrations.

use std::fmt::Write as _;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 440.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 500.0;
const TOP: f64 = 50.0;
const BOTTOM: f64 = 385.0;
/// The powers of ten at the ends of the axes.
const MAX_X: f64 = 3.0;
const MAX_Y: f64 = 5.0;

/// A line of the picture.
pub struct Series {
    pub label: &'static str,
    pub color: &'static str,
    pub is_dashed: bool,
    /// The wanted integrations and the requests.
    pub points: Vec<(usize, usize)>,
}

/// Returns an SVG with logarithmic axes.
#[must_use]
pub fn svg(title: &str, series: &[Series]) -> String {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         font-family=\"sans-serif\" font-size=\"13\" fill=\"#222\">\n\
         <title>{title}</title>\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"28\" font-size=\"16\">{title}</text>\n"
    );
    let middle = f64::midpoint(LEFT, RIGHT);
    let _ = writeln!(
        svg,
        "<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">wanted integrations</text>\n\
         <text transform=\"translate(18 {}) rotate(-90)\" text-anchor=\"middle\">requests</text>",
        BOTTOM + 42.0,
        f64::midpoint(TOP, BOTTOM),
    );
    for (power, label) in ["1", "10", "100", "1,000"].iter().enumerate() {
        let at = x(10_usize.pow(u32::try_from(power).unwrap_or_default()));
        let _ = writeln!(
            svg,
            "<path d=\"M{at:.1} {TOP}V{BOTTOM}\" stroke=\"#ddd\"/>\
             <text x=\"{at:.1}\" y=\"{}\" text-anchor=\"middle\">{label}</text>",
            BOTTOM + 20.0
        );
    }
    for (power, label) in ["1", "10", "100", "1,000", "10,000", "100,000"]
        .iter()
        .enumerate()
    {
        let at = y(10_usize.pow(u32::try_from(power).unwrap_or_default()));
        let _ = writeln!(
            svg,
            "<path d=\"M{LEFT} {at:.1}H{RIGHT}\" stroke=\"#ddd\"/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
            LEFT - 8.0,
            at + 4.0
        );
    }
    let mut labels: Vec<f64> = Vec::new();
    for line in series {
        let mut points = String::new();
        for (wanted, requests) in &line.points {
            let _ = write!(points, "{:.1},{:.1} ", x(*wanted), y(*requests));
        }
        let style = if line.is_dashed { "5 4" } else { "none" };
        let color = line.color;
        let _ = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\" stroke-dasharray=\"{style}\"/>",
            points.trim_end()
        );
        let end = line
            .points
            .last()
            .map_or(BOTTOM, |(_, requests)| y(*requests));
        // Labels of lines with the same end are below each other.
        let mut at = end + 4.0;
        while labels.iter().any(|other| (other - at).abs() < 16.0) {
            at += 4.0;
        }
        labels.push(at);
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{at:.1}\" fill=\"{color}\">{}</text>",
            RIGHT + 10.0,
            line.label
        );
    }
    svg.push_str("</svg>\n");
    svg
}

#[allow(clippy::cast_precision_loss, reason = "the counts are small")]
fn x(wanted: usize) -> f64 {
    LEFT + (wanted as f64).log10() / MAX_X * (RIGHT - LEFT)
}

#[allow(clippy::cast_precision_loss, reason = "the counts are small")]
fn y(requests: usize) -> f64 {
    BOTTOM - (requests as f64).log10() / MAX_Y * (BOTTOM - TOP)
}
