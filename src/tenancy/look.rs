//! A tenant's look: colours with their contrast corrected, so that text on them can be read (WCAG 2.2, 1.4.3).

use entity::tenancy::tenant;

use crate::platform::web::FrameLook;

/// The look of a tenant's portal.
pub fn look(tenant: &tenant::Model) -> FrameLook {
    let (r, g, b) = rgb(&tenant.primary_color).unwrap_or((0x8b, 0x5c, 0xf6));
    let (r, g, b) = readable(r, g, b);
    FrameLook {
        name: if tenant.portal_name.is_empty() { tenant.name.clone() } else { tenant.portal_name.clone() },
        primary: format!("#{r:02x}{g:02x}{b:02x}"),
        primary_rgb: format!("{r}, {g}, {b}"),
        on_primary: if contrast((r, g, b), (255, 255, 255)) >= 4.5 { "#ffffff" } else { "#111827" }.to_owned(),
        accent: rgb(&tenant.accent_color).map_or_else(|| "#0f766e".to_owned(), |_| tenant.accent_color.clone()),
        welcome: tenant.welcome_text.clone(),
        portal: true,
        ..FrameLook::default()
    }
}

/// `#rrggbb`; nothing else.
pub fn rgb(text: &str) -> Option<(u8, u8, u8)> {
    let hex = text.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.is_ascii())?;
    let part = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).ok();
    Some((part(0)?, part(2)?, part(4)?))
}

/// The colour, darkened until white text on it reaches 4.5:1.
pub fn readable(mut r: u8, mut g: u8, mut b: u8) -> (u8, u8, u8) {
    let darker = |c: u8| (u16::from(c) * 94 / 100) as u8;
    while contrast((r, g, b), (255, 255, 255)) < 4.5 {
        (r, g, b) = (darker(r), darker(g), darker(b));
    }
    (r, g, b)
}

/// Contrast ratio after WCAG 2.2.
pub fn contrast(a: (u8, u8, u8), b: (u8, u8, u8)) -> f64 {
    let channel = |c: u8| {
        let c = f64::from(c) / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    let luminance = |(r, g, b): (u8, u8, u8)| 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
    let (la, lb) = (luminance(a), luminance(b));
    (la.max(lb) + 0.05) / (la.min(lb) + 0.05)
}
