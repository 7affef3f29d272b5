//! Logos and icons: whatever comes in, a PNG of ours goes out. An SVG is drawn here and never reaches a browser.

use resvg::{
    tiny_skia::{FilterQuality, Pixmap, PixmapPaint, Transform},
    usvg,
};

/// Bytes a picture may have.
pub const LIMIT: usize = 512 * 1024;
/// What a logo is drawn into at most; it is shown 48 pixels high, three times that on fine screens.
const LOGO: (u32, u32) = (800, 200);
/// Less than this is a blur on many screens.
pub const ADVISED: (u32, u32) = (200, 50);
const ICON: u32 = 64;
/// Points of a PNG on either side: what is larger would fill the memory.
const SIDE: u32 = 4_096;
/// Copies in an SVG: copies of copies of copies would never end.
const COPIES: usize = 20;
/// Elements of an SVG, and how deep they may stand in each other: each level is one on the stack as well.
const NODES: u32 = 20_000;
const DEPTH: usize = 64;
/// What draws itself again for every point, or fetches: a small file of these keeps a machine busy for hours, or fills it.
const UNDRAWN: &[&str] = &["image", "feImage", "filter", "foreignObject", "marker", "pattern"];

/// A picture as it is served.
#[derive(Debug)]
pub struct Picture {
    pub png: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

/// A logo, no larger than it is ever shown.
pub fn logo(bytes: &[u8]) -> Result<Picture, String> {
    match read(bytes)? {
        Source::Drawing(tree) => {
            let size = tree.size();
            let scale = (LOGO.0 as f32 / size.width()).min(LOGO.1 as f32 / size.height());
            let (width, height) = (whole(size.width() * scale), whole(size.height() * scale));
            encode(draw(&tree, width, height, 0.0, 0.0, scale)?)
        }
        Source::Points(pixmap) => {
            let (width, height) = (pixmap.width() as f32, pixmap.height() as f32);
            let scale = (LOGO.0 as f32 / width).min(LOGO.1 as f32 / height).min(1.0);
            encode(shrink(pixmap, whole(width * scale), whole(height * scale), whole(width * scale), whole(height * scale))?)
        }
    }
}

/// A favicon: a square, whatever came in.
pub fn favicon(bytes: &[u8]) -> Result<Picture, String> {
    let side = ICON as f32;
    match read(bytes)? {
        Source::Drawing(tree) => {
            let size = tree.size();
            let scale = (side / size.width()).min(side / size.height());
            let (left, top) = ((side - size.width() * scale) / 2.0, (side - size.height() * scale) / 2.0);
            encode(draw(&tree, ICON, ICON, left, top, scale)?)
        }
        Source::Points(pixmap) => {
            let (width, height) = (pixmap.width() as f32, pixmap.height() as f32);
            let scale = (side / width).min(side / height);
            encode(shrink(pixmap, whole(width * scale), whole(height * scale), ICON, ICON)?)
        }
    }
}

enum Source {
    Drawing(Box<usvg::Tree>),
    Points(Pixmap),
}

fn whole(length: f32) -> u32 {
    // Lengths are bounded by SIDE and above zero.
    (length.round() as u32).clamp(1, SIDE)
}

fn read(bytes: &[u8]) -> Result<Source, String> {
    if bytes.len() > LIMIT {
        return Err(format!("The picture is larger than {} kB.", LIMIT / 1024));
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return points(bytes).map(Source::Points);
    }
    let text = std::str::from_utf8(bytes).ok().map(|text| text.trim_start_matches('\u{feff}').trim_start());
    match text.filter(|text| text.starts_with('<') && text.contains("<svg")) {
        Some(text) => drawing(text).map(|tree| Source::Drawing(Box::new(tree))),
        None => Err("Give a PNG or an SVG file.".to_owned()),
    }
}

fn points(bytes: &[u8]) -> Result<Pixmap, String> {
    let side = |at: usize| bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map_or(0, u32::from_be_bytes);
    let (width, height) = (side(16), side(20));
    if width == 0 || height == 0 || width > SIDE || height > SIDE {
        return Err(format!("The picture is {width} × {height} points; give one of at most {SIDE} on each side."));
    }
    Pixmap::decode_png(bytes).map_err(|_| "The PNG is damaged; save it once more and send it again.".to_owned())
}

fn drawing(text: &str) -> Result<usvg::Tree, String> {
    let unread = || "The SVG cannot be read; save it as plain SVG, or as PNG.".to_owned();
    let plain = || {
        "The SVG holds more than plain shapes (entities, pictures, effects, or copies without end): save it as plain paths, or as PNG."
            .to_owned()
    };
    // Before anything reads it as a tree: that goes down a level of the stack with each level of the file.
    if text.contains("<!ENTITY") || is_deep(text).ok_or_else(unread)? {
        return Err(plain());
    }
    let rules = usvg::roxmltree::ParsingOptions { allow_dtd: true, nodes_limit: NODES };
    let file = usvg::roxmltree::Document::parse_with_options(text, rules).map_err(|_| unread())?;
    let (mut copies, mut clips, mut sheet_clips) = (0, 0, false);
    for element in file.descendants().filter(usvg::roxmltree::Node::is_element) {
        match element.tag_name().name() {
            "text" | "tspan" => {
                return Err(
                    "The SVG holds letters as text, which look different on every machine: turn them into paths and save it again."
                        .to_owned(),
                );
            }
            name if UNDRAWN.contains(&name) => return Err(plain()),
            "use" => copies += 1,
            "style" => sheet_clips |= clipping(element.text().unwrap_or_default()),
            "clipPath" | "mask" => clips += 1,
            _ => {}
        }
        // A mask within a mask is drawn anew for each thing behind it, and so on.
        let clipped = element.attributes().any(|one| match one.name() {
            "clip-path" | "mask" => true,
            "style" => clipping(one.value()),
            _ => false,
        });
        if clipped && element.ancestors().any(|around| ["clipPath", "mask"].contains(&around.tag_name().name())) {
            return Err(plain());
        }
        if (sheet_clips && clips > 1) || copies > COPIES || element.ancestors().nth(DEPTH).is_some() {
            return Err(plain());
        }
    }
    let nothing = usvg::ImageHrefResolver { resolve_data: Box::new(|_, _, _| None), resolve_string: Box::new(|_, _| None) };
    let options = usvg::Options { image_href_resolver: nothing, ..usvg::Options::default() };
    usvg::Tree::from_xmltree(&file, &options).map_err(|_| unread())
}

/// Whether elements stand deeper in each other than anybody draws; none where it is no XML.
fn is_deep(text: &str) -> Option<bool> {
    let mut depth = 0_usize;
    for token in xmlparser::Tokenizer::from(text) {
        match token.ok()? {
            xmlparser::Token::ElementEnd { end: xmlparser::ElementEnd::Open, .. } => depth += 1,
            xmlparser::Token::ElementEnd { end: xmlparser::ElementEnd::Close(..), .. } => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEPTH {
            return Some(true);
        }
    }
    Some(false)
}

/// Whether these style rules cut something out.
fn clipping(rules: &str) -> bool {
    rules.contains("clip-path") || rules.replace("mask-type", "").contains("mask")
}

fn draw(tree: &usvg::Tree, width: u32, height: u32, left: f32, top: f32, scale: f32) -> Result<Pixmap, String> {
    let mut pixmap = Pixmap::new(width, height).ok_or("The picture has no size.")?;
    resvg::render(tree, Transform::from_row(scale, 0.0, 0.0, scale, left, top), &mut pixmap.as_mut());
    Ok(pixmap)
}

/// By halves, so that no point is skipped, and the rest in one step; in the middle of a canvas.
fn shrink(mut pixmap: Pixmap, width: u32, height: u32, across: u32, down: u32) -> Result<Pixmap, String> {
    let none = || "The picture has no size.".to_owned();
    while pixmap.width() >= width * 2 && pixmap.height() >= height * 2 {
        let mut half = Pixmap::new(pixmap.width() / 2, pixmap.height() / 2).ok_or_else(none)?;
        lay(&mut half, &pixmap, 0.5, 0.0, 0.0);
        pixmap = half;
    }
    let mut canvas = Pixmap::new(across, down).ok_or_else(none)?;
    let scale = (width as f32 / pixmap.width() as f32).min(height as f32 / pixmap.height() as f32);
    let (left, top) = ((across - width.min(across)) as f32 / 2.0, (down - height.min(down)) as f32 / 2.0);
    lay(&mut canvas, &pixmap, scale, left, top);
    Ok(canvas)
}

fn lay(onto: &mut Pixmap, pixmap: &Pixmap, scale: f32, left: f32, top: f32) {
    let paint = PixmapPaint { quality: FilterQuality::Bilinear, ..PixmapPaint::default() };
    onto.draw_pixmap(0, 0, pixmap.as_ref(), &paint, Transform::from_row(scale, 0.0, 0.0, scale, left, top), None);
}

fn encode(pixmap: Pixmap) -> Result<Picture, String> {
    let png = pixmap.encode_png().map_err(|error| format!("The picture could not be drawn: {error}."))?;
    Ok(Picture { png, width: pixmap.width(), height: pixmap.height() })
}

#[cfg(test)]
mod tests {
    use super::{favicon, logo, points};

    const MARK: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 100" onload="alert(1)"><script>alert(1)</script><rect width="400" height="100" fill="#0f0"/></svg>"##;

    #[test]
    fn an_svg_is_drawn_and_only_its_points_go_out() {
        let made = logo(MARK.as_bytes()).expect("a logo");
        assert_eq!((made.width, made.height), (800, 200));
        let drawn = points(&made.png).expect("a PNG");
        let green = drawn.pixel(400, 100).expect("the middle");
        assert_eq!((green.red(), green.green(), green.blue()), (0, 255, 0));
        assert!(!made.png.windows(6).any(|six| six == b"script"), "nothing of the file itself is left");
    }

    #[test]
    fn an_icon_is_square_with_the_picture_in_its_middle() {
        let made = favicon(MARK.as_bytes()).expect("an icon");
        let drawn = points(&made.png).expect("a PNG");
        assert_eq!((drawn.width(), drawn.height()), (64, 64));
        assert_eq!(drawn.pixel(32, 2).map(|point| point.alpha()), Some(0));
        assert_eq!(drawn.pixel(32, 32).map(|point| point.green()), Some(255));
        let again = favicon(&made.png).expect("a PNG is taken as well");
        assert_eq!((again.width, again.height), (64, 64));
    }

    #[test]
    fn what_is_no_picture_says_what_to_give() {
        for (bytes, why) in [
            (&b"GIF89a"[..], "PNG or an SVG"),
            (b"<html><svg", "cannot be read"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\xff\xff\xff\0\0\0\x01", "at most 4096"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'><text>Harbor</text></svg>", "into paths"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>", "plain paths"),
            (b"<!DOCTYPE svg [<!ENTITY a 'aaa'>]><svg>&a;</svg>", "plain paths"),
            (br#"<svg xmlns:s='http://www.w3.org/2000/svg' xmlns='http://www.w3.org/2000/svg'><s:image href='file:///etc/passwd'/></svg>"#, "plain paths"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'><marker id='a'><path d='M0 0'/></marker></svg>", "plain paths"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'><filter id='a'><feTurbulence numOctaves='9999999'/></filter></svg>", "plain paths"),
        ] {
            let said = logo(bytes).expect_err("refused");
            assert!(said.contains(why), "{said}");
        }
        let of =
            |inside: String| format!("<svg xmlns='http://www.w3.org/2000/svg' xmlns:s='http://www.w3.org/2000/svg'>{inside}</svg>");
        for endless in [
            // Each copies the one before it, ten times: whatever the prefix is called.
            (1..30).map(|n| format!("<g id='a{n}'>{}</g>", format!("<s:use href='#a{}'/>", n - 1).repeat(10))).collect::<String>(),
            format!("{}{}", "<g opacity='.9'>".repeat(22_000), "</g>".repeat(22_000)),
            format!("{}{}", "<g><!--</g>-->".repeat(20_000), "</g>".repeat(20_000)),
            format!("{}{}", "<g id='/>'>".repeat(20_000), "</g>".repeat(20_000)),
            format!("{}<rect width='1' height='1'/>{}", "<g opacity='.9'>".repeat(900), "</g>".repeat(900)),
            "<g/>".repeat(50_000),
            "<mask id='a'><g mask='url(#b)'/><g mask='url(#b)'/></mask><mask id='b'><rect/></mask>".to_owned(),
            "<style>rect{clip-path:url(#a)}</style><clipPath id='a'><rect/></clipPath><clipPath id='b'><rect/></clipPath>"
                .to_owned(),
        ] {
            let said = logo(of(endless).as_bytes()).expect_err("refused");
            assert!(said.contains("SVG"), "{said}");
        }
        assert!(logo(&vec![b'x'; 600 * 1024]).expect_err("refused").contains("512 kB"));
    }
}
