//! Scripts inside of other files: of a component in one file, and of a page.
//!
//! Everything outside of `<script>` becomes blank, so lines stay what they are. The app of the page is served with
//! `StaticFiles(html=True)`.

/// The text with everything but its scripts blanked, and whether there is one.
pub fn scripts_of(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let mut kept = vec![false; text.len()];
    let mut found = false;
    let mut at = 0;
    while let Some(open) = lower.get(at..).and_then(|rest| rest.find("<script")) {
        let open = at + open;
        let Some(end_of_tag) = lower.get(open..).and_then(|rest| rest.find('>')) else {
            break;
        };
        let begin = open + end_of_tag + 1;
        let end = lower
            .get(begin..)
            .and_then(|rest| rest.find("</script"))
            .map_or(text.len(), |end| begin + end);
        if let Some(range) = kept.get_mut(begin..end) {
            range.fill(true);
            found = true;
        }
        at = end.max(begin);
    }
    if !found {
        return None;
    }
    let blanked: Vec<u8> = text
        .bytes()
        .zip(kept)
        .map(
            |(byte, is_kept)| {
                if is_kept || byte == b'\n' { byte } else { b' ' }
            },
        )
        .collect();
    String::from_utf8(blanked).ok()
}

/// The addresses of a page's scripts: `src` of its `<script>` elements.
pub fn sources_of(text: &str) -> Vec<String> {
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = lower.get(at..).and_then(|rest| rest.find("<script")) {
        let open = at + open;
        let Some(length) = lower.get(open..).and_then(|rest| rest.find('>')) else {
            break;
        };
        let tag = text.get(open..open + length).unwrap_or_default();
        if let Some(source) = attribute(tag, "src") {
            found.push(source.to_string());
        }
        at = open + length;
    }
    found
}

fn attribute<'tag>(tag: &'tag str, name: &str) -> Option<&'tag str> {
    let from = tag.find(&format!("{name}="))? + name.len() + 1;
    let rest = tag.get(from..)?;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest.get(1..)?.split(quote).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_stay_on_their_lines() {
        let page =
            "<template>\n<p>ü</p>\n</template>\n<script setup lang=\"ts\">\nlet a = 1\n</script>\n";
        let script = scripts_of(page).unwrap();
        assert_eq!(script.lines().nth(4), Some("let a = 1"));
        assert_eq!(script.trim(), "let a = 1");
        assert_eq!(scripts_of("<p></p>"), None);
        assert_eq!(
            sources_of("<script type=\"module\" src='/src/main.tsx'></script>"),
            ["/src/main.tsx"]
        );
    }
}
