//! Style rules of an MSP's own, read by a CSS parser and written anew: what is not allowed here is not in what clients get.
//!
//! Allowed is what dresses (colours, letters, borders, space), never what moves, covers, hides or fetches. Every rule is put
//! under `.look`, the class of the portal's pages; pages on which something is signed do not load the sheet at all.

use std::fmt::Write;

use cssparser::{
    AtRuleParser, CowRcStr, DeclarationParser, ParseError, ParseErrorKind, Parser, ParserState, QualifiedRuleParser,
    RuleBodyItemParser, RuleBodyParser, SourceLocation, StyleSheetParser, ToCss, Token,
};

/// Bytes that may be typed.
pub const LIMIT: usize = 16 * 1024;
/// So many refusals are named; the rest would not be read.
const NAMED: usize = 12;
/// The class of the portal's pages.
const SCOPE: &str = ".look";

const PROPERTIES: &[&str] = &[
    "accent-color",
    "background",
    "background-color",
    "border",
    "border-bottom",
    "border-bottom-color",
    "border-bottom-left-radius",
    "border-bottom-right-radius",
    "border-bottom-style",
    "border-bottom-width",
    "border-color",
    "border-left",
    "border-left-color",
    "border-left-style",
    "border-left-width",
    "border-radius",
    "border-right",
    "border-right-color",
    "border-right-style",
    "border-right-width",
    "border-style",
    "border-top",
    "border-top-color",
    "border-top-left-radius",
    "border-top-right-radius",
    "border-top-style",
    "border-top-width",
    "border-width",
    "box-shadow",
    "caret-color",
    "color",
    "column-gap",
    "font",
    "font-family",
    "font-feature-settings",
    "font-size",
    "font-style",
    "font-variant",
    "font-weight",
    "gap",
    "letter-spacing",
    "line-height",
    "list-style-type",
    "margin",
    "margin-bottom",
    "margin-left",
    "margin-right",
    "margin-top",
    "outline",
    "outline-color",
    "outline-offset",
    "outline-style",
    "outline-width",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "row-gap",
    "text-align",
    "text-decoration",
    "text-decoration-color",
    "text-decoration-style",
    "text-decoration-thickness",
    "text-shadow",
    "text-transform",
    "text-underline-offset",
    "word-spacing",
];

const FUNCTIONS: &[&str] = &[
    "rgb",
    "rgba",
    "hsl",
    "hsla",
    "hwb",
    "lab",
    "lch",
    "oklab",
    "oklch",
    "color-mix",
    "light-dark",
    "linear-gradient",
    "radial-gradient",
    "calc",
    "min",
    "max",
    "clamp",
];

/// Colours of the portal that a rule may take up.
const VARIABLES: &[&str] =
    &["--brand", "--brand-contrast", "--brand-ink", "--brand-soft", "--accent", "--ink", "--surface", "--page", "--line"];

const STATES: &[&str] = &[
    "hover",
    "focus",
    "focus-visible",
    "focus-within",
    "active",
    "disabled",
    "checked",
    "first-child",
    "last-child",
    "only-child",
];

/// A rule that was not taken: where, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub line: u32,
    pub why: String,
}

/// The sheet as it is served, or what of it is refused.
pub fn sheet(typed: &str) -> Result<String, Vec<Refused>> {
    if typed.len() > LIMIT {
        let why = format!("it is longer than {} kB", LIMIT / 1024);
        return Err(vec![Refused { line: 1, why }]);
    }
    let mut input = Parser::new(typed);
    let mut rules = Rules { refused: Vec::new() };
    let written = list(&mut input, &mut rules, false);
    match rules.refused.is_empty() {
        true => Ok(written),
        false => {
            rules.refused.truncate(NAMED);
            Err(rules.refused)
        }
    }
}

/// All refusals in one sentence for beside the field.
pub fn words(refused: &[Refused]) -> String {
    let each: Vec<String> = refused.iter().map(|one| format!("Line {}: {}.", one.line, one.why)).collect();
    each.join(" ")
}

struct Rules {
    refused: Vec<Refused>,
}

type No = ParseError<String>;

fn no(why: impl Into<String>) -> No {
    ParseError { kind: ParseErrorKind::Custom(why.into()) }
}

impl Rules {
    fn refuse(&mut self, error: No, at: SourceLocation, slice: &str) {
        let why = match error.kind {
            ParseErrorKind::Custom(why) => why,
            ParseErrorKind::Basic(_) => {
                let start: String = slice.trim().chars().take(40).collect();
                format!("`{start}` cannot be read as CSS")
            }
        };
        self.refused.push(Refused { line: at.line + 1, why });
    }
}

fn list<'i>(input: &mut Parser<'i>, rules: &mut Rules, nested: bool) -> String {
    let mut written = String::new();
    let mut errors = Vec::new();
    let mut reader = Reader { rules, nested };
    for rule in StyleSheetParser::new(input, &mut reader) {
        match rule {
            Ok(rule) => written.push_str(&rule),
            Err(error) => errors.push(error),
        }
    }
    for (error, slice, at) in errors {
        rules.refuse(error, at, slice);
    }
    written
}

struct Reader<'r> {
    rules: &'r mut Rules,
    /// Inside `@media`.
    nested: bool,
}

impl<'i> QualifiedRuleParser<'i> for Reader<'_> {
    type Prelude = String;
    type QualifiedRule = String;
    type Error = String;

    fn parse_prelude(&mut self, input: &mut Parser<'i>) -> Result<String, No> {
        selectors(input)
    }

    fn parse_block(&mut self, selector: String, _: &ParserState, input: &mut Parser<'i>) -> Result<String, No> {
        let mut body = Body;
        let mut written = String::new();
        let mut errors = Vec::new();
        for declaration in RuleBodyParser::new(input, &mut body) {
            match declaration {
                Ok(declaration) => written.push_str(&declaration),
                Err(error) => errors.push(error),
            }
        }
        for (error, slice, at) in errors {
            self.rules.refuse(error, at, slice);
        }
        Ok(format!("{selector}{{{written}}}\n"))
    }
}

impl<'i> AtRuleParser<'i> for Reader<'_> {
    type Prelude = String;
    type AtRule = String;
    type Error = String;

    fn parse_prelude(&mut self, name: CowRcStr<'i>, input: &mut Parser<'i>) -> Result<String, No> {
        if !name.eq_ignore_ascii_case("media") || self.nested {
            return Err(no(format!("`@{name}` is not allowed; of the @-rules only @media is")));
        }
        media(input)
    }

    fn parse_block(&mut self, query: String, _: &ParserState, input: &mut Parser<'i>) -> Result<String, No> {
        let inner = list(input, self.rules, true);
        Ok(format!("@media {query}{{\n{inner}}}\n"))
    }
}

/// `(min-width: 40em) and (prefers-color-scheme: dark)`
fn media<'i>(input: &mut Parser<'i>) -> Result<String, No> {
    let mut written = String::new();
    while let Ok(token) = input.next_including_whitespace() {
        let token = token.clone();
        match &token {
            Token::ParenthesisBlock => {
                let inner = input.parse_nested_block(media)?;
                let _ = write!(written, "({inner})");
            }
            Token::Ident(_) | Token::Colon | Token::Comma | Token::Number { .. } | Token::Dimension { .. } => {
                written.push_str(&token.to_css_string());
            }
            Token::WhiteSpace(_) => written.push(' '),
            other => return Err(no(format!("`{}` is not allowed in @media", other.to_css_string()))),
        }
    }
    Ok(written.trim().to_owned())
}

/// Every selector of the list under [`SCOPE`]; `body` is the page itself.
fn selectors<'i>(input: &mut Parser<'i>) -> Result<String, No> {
    let mut done: Vec<String> = Vec::new();
    let mut current = String::new();
    loop {
        let token = input.next_including_whitespace().ok().cloned();
        match token {
            None | Some(Token::Comma) => {
                done.push(scoped(&current)?);
                current.clear();
                if token.is_none() {
                    return Ok(done.join(","));
                }
            }
            Some(token) => simple(&token, input, &mut current)?,
        }
    }
}

/// One token of a selector.
fn simple<'i>(token: &Token<'i>, input: &mut Parser<'i>, written: &mut String) -> Result<(), No> {
    match token {
        Token::WhiteSpace(_) => written.push(' '),
        Token::Ident(name) if name.eq_ignore_ascii_case("html") => {
            return Err(no("`html` is not allowed; write `body` for the page"));
        }
        Token::Ident(_) | Token::IDHash(_) | Token::Delim('.' | '*' | '>' | '+' | '~') => written.push_str(&token.to_css_string()),
        Token::Colon => {
            written.push(':');
            match input.next_including_whitespace().ok().cloned() {
                Some(Token::Ident(state)) if STATES.iter().any(|known| state.eq_ignore_ascii_case(known)) => {
                    written.push_str(&state.to_ascii_lowercase());
                }
                Some(Token::Function(name)) if name.eq_ignore_ascii_case("not") => {
                    let inner = input.parse_nested_block(|input| {
                        let mut inner = String::new();
                        while let Some(token) = input.next_including_whitespace().ok().cloned() {
                            simple(&token, input, &mut inner)?;
                        }
                        Ok::<_, No>(inner)
                    })?;
                    let _ = write!(written, "not({inner})");
                }
                Some(other) => return Err(no(format!("`:{}` is not allowed", other.to_css_string()))),
                None => return Err(no("a selector ends in `:`")),
            }
        }
        Token::SquareBracketBlock => return Err(no("selectors by attribute (`[…]`) are not allowed; use a class")),
        other => return Err(no(format!("`{}` is not allowed in a selector", other.to_css_string()))),
    }
    Ok(())
}

fn scoped(selector: &str) -> Result<String, No> {
    let selector = selector.trim();
    if selector.is_empty() {
        return Err(no("a rule has no selector"));
    }
    if selector.starts_with(['>', '+', '~']) {
        return Err(no(format!("`{selector}` begins with a sign that needs something before it")));
    }
    let end = selector.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '\\'))).unwrap_or(selector.len());
    Ok(match selector[..end].eq_ignore_ascii_case("body") {
        // What stands beside the page is not the page.
        true if selector[end..].trim_start().starts_with(['+', '~']) => return Err(no(format!("`{selector}` leaves the page"))),
        true => format!("{SCOPE}{}", &selector[end..]),
        false => format!("{SCOPE} {selector}"),
    })
}

struct Body;

impl<'i> DeclarationParser<'i> for Body {
    type Declaration = String;
    type Error = String;

    fn parse_value(&mut self, name: CowRcStr<'i>, input: &mut Parser<'i>, _: &ParserState) -> Result<String, No> {
        let property = name.to_ascii_lowercase();
        if !PROPERTIES.contains(&property.as_str()) {
            let why = match property.starts_with("--") {
                true => format!("`{name}` is not allowed: the portal's own colours are set above"),
                false => format!("`{name}` is not allowed here"),
            };
            return Err(no(why));
        }
        let value = value(input)?;
        Ok(format!("{property}:{};", value.trim()))
    }
}

/// A value without anything that fetches, runs or reads.
fn value<'i>(input: &mut Parser<'i>) -> Result<String, No> {
    let mut written = String::new();
    while let Some(token) = input.next_including_whitespace().ok().cloned() {
        match &token {
            Token::Function(name) if name.eq_ignore_ascii_case("var") => {
                let inner = input.parse_nested_block(|input| Ok::<_, No>(input.expect_ident_cloned()?))?;
                if !VARIABLES.contains(&&*inner) {
                    return Err(no(format!("`var({inner})` is not allowed; these are: {}", VARIABLES.join(", "))));
                }
                let _ = write!(written, "var({inner})");
            }
            Token::Function(name) => {
                let name = name.to_ascii_lowercase();
                if !FUNCTIONS.contains(&name.as_str()) {
                    return Err(no(format!("`{name}()` is not allowed")));
                }
                let inner = input.parse_nested_block(value)?;
                let _ = write!(written, "{name}({inner})");
            }
            Token::ParenthesisBlock => {
                let inner = input.parse_nested_block(value)?;
                let _ = write!(written, "({inner})");
            }
            Token::UnquotedUrl(_) | Token::BadUrl(_) => {
                return Err(no("`url()` is not allowed: a portal fetches nothing from elsewhere"));
            }
            Token::WhiteSpace(_) => written.push(' '),
            Token::QuotedString(text) if !text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.')) => {
                return Err(no("between quotes only letters, digits and spaces are allowed"));
            }
            Token::QuotedString(_) => written.push_str(&token.to_css_string()),
            Token::Ident(_)
            | Token::Hash(_)
            | Token::IDHash(_)
            | Token::Number { .. }
            | Token::Percentage { .. }
            | Token::Dimension { .. }
            | Token::Comma
            | Token::Delim('/' | '+' | '-' | '*' | '!') => written.push_str(&token.to_css_string()),
            other => return Err(no(format!("`{}` is not allowed in a value", other.to_css_string()))),
        }
    }
    Ok(written)
}

impl AtRuleParser<'_> for Body {
    type Prelude = ();
    type AtRule = String;
    type Error = String;
}

impl QualifiedRuleParser<'_> for Body {
    type Prelude = ();
    type QualifiedRule = String;
    type Error = String;
}

impl RuleBodyItemParser<'_, String, String> for Body {
    fn parse_declarations(&self) -> bool {
        true
    }

    fn parse_qualified(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::{LIMIT, sheet, words};

    fn refused(typed: &str) -> String {
        words(&sheet(typed).expect_err("it is refused"))
    }

    #[test]
    fn a_rule_is_put_under_the_portal_and_written_anew() {
        assert_eq!(
            sheet("h1, .card:hover > p { COLOR: #FF0000 ; padding:1rem 2px!important }").as_deref(),
            Ok(".look h1,.look .card:hover > p{color:#FF0000;padding:1rem 2px!important;}\n")
        );
        assert_eq!(sheet("body{background:var(--page)}").as_deref(), Ok(".look{background:var(--page);}\n"));
        assert_eq!(
            sheet("@media (min-width: 40em) { .btn { border-radius: 99px } }").as_deref(),
            Ok("@media (min-width: 40em){\n.look .btn{border-radius:99px;}\n}\n")
        );
        assert_eq!(sheet(" /* nothing */ ").as_deref(), Ok(""));
    }

    #[test]
    fn what_fetches_runs_hides_or_covers_is_refused_by_line() {
        for (typed, why) in [
            ("@import 'https://evil.example/x.css';", "Line 1: `@import`"),
            ("@font-face { font-family: x }", "`@font-face`"),
            ("a { background: url(https://evil.example/) }", "`url()`"),
            ("a { background: url('https://evil.example/') }", "`url()`"),
            ("a { background: u\\72l('https://evil.example/') }", "`url()`"),
            ("a { background: image-set('x.png' 1x) }", "`image-set()`"),
            ("a { width: expression(alert(1)) }", "`width`"),
            ("a { color: expression(alert(1)) }", "`expression()`"),
            ("a { behavior: none }", "`behavior`"),
            ("a { -moz-binding: none }", "`-moz-binding`"),
            ("\n\n.consent { display: none }", "Line 3: `display`"),
            (".consent { opacity: 0 }", "`opacity`"),
            (".consent { position: fixed; color: red }", "`position`"),
            ("a { --brand: #fff }", "colours are set above"),
            ("a { color: var(--x) }", "`var(--x)`"),
            ("input[value^='a'] { color: red }", "by attribute"),
            ("html { color: red }", "`html`"),
            (":root { color: red }", "`:root`"),
            ("body ~ div { color: red }", "leaves the page"),
            ("> a { color: red }", "begins with a sign"),
            ("a::before { content: 'x' }", "is not allowed"),
            ("</style><script>alert(1)</script>", "cannot be read as CSS"),
            ("@media print { @media screen { a { color: red } } }", "`@media`"),
        ] {
            let said = refused(typed);
            assert!(said.contains(why), "{typed}: {said}");
        }
        assert!(refused(&"a{}".repeat(LIMIT)).contains("longer than 16 kB"));
    }

    #[test]
    fn no_text_gets_out_of_its_rule() {
        assert_eq!(sheet("a { font-family: 'Fira Sans', serif }").as_deref(), Ok(".look a{font-family:\"Fira Sans\", serif;}\n"));
        assert!(refused("a { font-family: '</style><script>' }").contains("between quotes"));
        for odd in ["a\\<\\/style\\> { color: red }", "a { color: a\\<b }", "@media (a\\<b) { a { color: red } }"] {
            let made = sheet(odd).unwrap_or_default();
            assert!(!made.contains("</"), "{made}");
        }
    }
}
