//! A tenant's look: colours with their contrast corrected, so that what is written in them or on them can be read
//! (WCAG 2.2, 1.4.3 and 1.4.11), on paper and at night.

use entity::tenancy::{TenantKind, tenant};

use crate::platform::web::FrameLook;

type Rgb = (u8, u8, u8);

const WHITE: Rgb = (255, 255, 255);
/// The lightest ground that letters stand on at night: a chosen row.
const NIGHT: Rgb = (0x36, 0x38, 0x42);
/// Letters on their ground, with what the brand's tint takes of it.
const LETTERS: f64 = 4.5;
const LETTERS_ON_TINT: f64 = 5.6;
/// A line beside its ground.
const LINES: f64 = 3.0;
/// Where the accent was never a colour.
const ACCENT: &str = "#0f766e";

/// The primary colour of a portal whose MSP has not chosen one.
pub fn first_color(kind: TenantKind) -> &'static str {
    match kind {
        TenantKind::Msp => "#8b5cf6",
        TenantKind::Mission => "#e11d48",
    }
}

/// The look of a tenant's portal.
pub fn look(tenant: &tenant::Model) -> FrameLook {
    let typed = rgb(&tenant.primary_color).or_else(|| rgb(first_color(tenant.kind))).unwrap_or((0x8b, 0x5c, 0xf6));
    let (r, g, b) = readable(typed.0, typed.1, typed.2);
    let accent = rgb(&tenant.accent_color).or_else(|| rgb(ACCENT)).unwrap_or(WHITE);
    let file = |name: &str| (!name.is_empty()).then(|| format!("/look/{name}"));
    FrameLook {
        name: if tenant.portal_name.is_empty() { tenant.name.clone() } else { tenant.portal_name.clone() },
        primary: hex((r, g, b)),
        primary_rgb: format!("{r}, {g}, {b}"),
        on_primary: if contrast((r, g, b), WHITE) >= LETTERS { "#ffffff" } else { "#111827" }.to_owned(),
        ink_day: hex(toward_black((r, g, b), WHITE, LETTERS_ON_TINT)),
        ink_night: hex(toward_white(typed, NIGHT, LETTERS)),
        accent: hex(toward_black(accent, WHITE, LINES)),
        accent_night: hex(toward_white(accent, NIGHT, LINES)),
        logo: file(&tenant.logo),
        favicon: file(&tenant.favicon),
        stylesheet: file(&tenant.stylesheet),
        host: (!tenant.host.is_empty()).then(|| tenant.host.clone()),
        welcome: tenant.welcome_text.clone(),
        portal: true,
    }
}

/// What a typed colour comes to in one of its uses.
#[derive(Clone, Debug, PartialEq)]
pub struct Shade {
    /// `Buttons: white letters on it`
    pub usage: &'static str,
    pub typed: String,
    /// `1.1` to 1, as typed.
    pub ratio: String,
    pub needed: &'static str,
    pub used: String,
    pub used_ratio: String,
}

impl Shade {
    pub fn corrected(&self) -> bool {
        self.typed != self.used
    }

    fn of(usage: &'static str, typed: Rgb, used: Rgb, ground: Rgb, needed: &'static str) -> Self {
        // Rounded down: what reads 4.5 is 4.5.
        let ratio = |color: Rgb| format!("{:.1}", (contrast(color, ground) * 10.0).floor() / 10.0);
        Self { usage, typed: hex(typed), ratio: ratio(typed), needed, used: hex(used), used_ratio: ratio(used) }
    }
}

/// How the two colours are used, each with its contrast before and after the correction; none for what is no colour.
pub fn shades(primary: &str, accent: &str) -> Vec<Shade> {
    let mut shades = Vec::new();
    if let Some(typed) = rgb(primary) {
        let button = readable(typed.0, typed.1, typed.2);
        shades.push(Shade::of("Buttons: white letters on it", typed, button, WHITE, "4.5"));
        shades.push(Shade::of("Links on white", typed, toward_black(button, WHITE, LETTERS_ON_TINT), WHITE, "4.5"));
        shades.push(Shade::of("Links at night", typed, toward_white(typed, NIGHT, LETTERS), NIGHT, "4.5"));
    }
    if let Some(typed) = rgb(accent) {
        shades.push(Shade::of("Accent lines on white", typed, toward_black(typed, WHITE, LINES), WHITE, "3"));
        shades.push(Shade::of("Accent lines at night", typed, toward_white(typed, NIGHT, LINES), NIGHT, "3"));
    }
    shades
}

/// `#rrggbb`; nothing else.
pub fn rgb(text: &str) -> Option<Rgb> {
    let hex = text.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    let part = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).ok();
    Some((part(0)?, part(2)?, part(4)?))
}

fn hex((r, g, b): Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// The colour, darkened until white text on it reaches 4.5:1.
pub fn readable(r: u8, g: u8, b: u8) -> Rgb {
    toward_black((r, g, b), WHITE, LETTERS)
}

fn toward_black(mut color: Rgb, ground: Rgb, needed: f64) -> Rgb {
    let darker = |c: u8| (u16::from(c) * 97 / 100) as u8;
    while contrast(color, ground) < needed && color != (0, 0, 0) {
        color = (darker(color.0), darker(color.1), darker(color.2));
    }
    color
}

fn toward_white(mut color: Rgb, ground: Rgb, needed: f64) -> Rgb {
    let lighter = |c: u8| c + (255 - c).div_ceil(24);
    while contrast(color, ground) < needed && color != WHITE {
        color = (lighter(color.0), lighter(color.1), lighter(color.2));
    }
    color
}

/// Contrast ratio after WCAG 2.2.
pub fn contrast(a: Rgb, b: Rgb) -> f64 {
    let channel = |c: u8| {
        let c = f64::from(c) / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    let luminance = |(r, g, b): Rgb| 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
    let (la, lb) = (luminance(a), luminance(b));
    (la.max(lb) + 0.05) / (la.min(lb) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::{LETTERS, LINES, NIGHT, WHITE, contrast, rgb, shades};
    use crate::platform::web::FrameLook;

    #[test]
    fn whatever_is_typed_can_be_read_on_paper_and_at_night() {
        for r in (0..=255_u8).step_by(51) {
            for g in (0..=255_u8).step_by(51) {
                for b in (0..=255_u8).step_by(51) {
                    let typed = super::hex((r, g, b));
                    for shade in shades(&typed, &typed) {
                        let needed: f64 = shade.needed.parse().expect("a number");
                        let reached: f64 = shade.used_ratio.parse().expect("a number");
                        assert!(reached >= needed, "{shade:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_firms_own_colours_hold_as_well() {
        let firm = FrameLook::default();
        let color = |text: &str| rgb(text).expect("a colour");
        assert!(contrast(color(&firm.primary), WHITE) >= LETTERS);
        assert!(contrast(color(&firm.ink_day), WHITE) >= 5.6);
        assert!(contrast(color(&firm.ink_night), NIGHT) >= LETTERS);
        assert!(contrast(color(&firm.accent), WHITE) >= LINES && contrast(color(&firm.accent_night), NIGHT) >= LINES);
    }

    #[test]
    fn a_colour_is_six_hexadecimal_digits() {
        assert_eq!(rgb("#8b5cf6"), Some((0x8b, 0x5c, 0xf6)));
        assert_eq!([rgb("#fff"), rgb("8b5cf6"), rgb("#+b5cf6"), rgb("red")], [None; 4]);
    }
}
