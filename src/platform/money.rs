//! Money.
pub fn words(minor: i64, currency: &str) -> String {
    format!("{minor} {currency}")
}
pub fn parse(text: &str, _currency: &str) -> Option<i64> {
    text.parse::<i64>().ok().map(|n| n * 100)
}
