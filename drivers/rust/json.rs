// SPDX-License-Identifier: Apache-2.0
//! As much of JSON as vectors need: whole numbers that fit 64 bits, strings without surrogates.
use std::collections::BTreeMap;
use std::convert::TryInto;

#[derive(Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(i64),
    Text(String),
    List(Vec<Json>),
    Object(BTreeMap<String, Json>),
}

const NULL: Json = Json::Null;

impl Json {
    /// A member of an object; null where there is none.
    pub fn at(&self, key: &str) -> &Json {
        match self {
            Json::Object(members) => members.get(key).unwrap_or(&NULL),
            _ => &NULL,
        }
    }

    pub fn items(&self) -> &[Json] {
        match self {
            Json::List(items) => items,
            _ => &[],
        }
    }

    pub fn text(&self) -> &str {
        match self {
            Json::Text(text) => text,
            _ => "",
        }
    }

    /// A number, or a u64 that is written as a string because a JSON number loses bits above 2^53.
    pub fn number(&self) -> Option<u64> {
        match self {
            Json::Number(n) => (*n).try_into().ok(),
            Json::Text(text) => text.parse().ok(),
            _ => None,
        }
    }
}

/// Reads one value and nothing behind it; an error is the byte at which the text is no JSON.
pub fn read(text: &str) -> Result<Json, usize> {
    let mut reader = Reader { bytes: text.as_bytes(), at: 0 };
    let value = reader.value()?;
    reader.space();
    if reader.at == text.len() { Ok(value) } else { Err(reader.at) }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> u8 {
        *self.bytes.get(self.at).unwrap_or(&0)
    }

    fn space(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
    }

    /// Whether these bytes come next; they are then read.
    fn is(&mut self, word: &str) -> bool {
        let found = self.bytes[self.at..].starts_with(word.as_bytes());
        self.at += if found { word.len() } else { 0 };
        found
    }

    fn value(&mut self) -> Result<Json, usize> {
        self.space();
        match self.peek() {
            b'{' => self.list('}', |r| {
                r.space();
                let key = r.string()?;
                r.space();
                if !r.is(":") {
                    return Err(r.at);
                }
                Ok((key, r.value()?))
            })
            .map(|members| Json::Object(members.into_iter().collect())),
            b'[' => self.list(']', Self::value).map(Json::List),
            b'"' => self.string().map(Json::Text),
            b'-' | b'0'..=b'9' => self.number(),
            _ if self.is("null") => Ok(Json::Null),
            _ if self.is("true") => Ok(Json::Bool(true)),
            _ if self.is("false") => Ok(Json::Bool(false)),
            _ => Err(self.at),
        }
    }

    /// Items between the bracket that is next and `close`, with commas between them.
    fn list<T>(&mut self, close: char, item: fn(&mut Self) -> Result<T, usize>) -> Result<Vec<T>, usize> {
        let (mut items, close) = (Vec::new(), close.to_string());
        self.at += 1;
        self.space();
        if self.is(&close) {
            return Ok(items);
        }
        loop {
            items.push(item(self)?);
            self.space();
            if self.is(&close) {
                return Ok(items);
            }
            if !self.is(",") {
                return Err(self.at);
            }
        }
    }

    fn number(&mut self) -> Result<Json, usize> {
        let start = self.at;
        while matches!(self.peek(), b'-' | b'0'..=b'9') {
            self.at += 1;
        }
        let digits = std::str::from_utf8(&self.bytes[start..self.at]).unwrap_or("");
        digits.parse().map(Json::Number).map_err(|_| start)
    }

    fn string(&mut self) -> Result<String, usize> {
        if !self.is("\"") {
            return Err(self.at);
        }
        let mut text = Vec::new();
        loop {
            let byte = self.peek();
            self.at += 1;
            match byte {
                0..=31 => return Err(self.at - 1),
                b'"' => return String::from_utf8(text).map_err(|_| self.at),
                b'\\' => text.extend(self.escape()?.to_string().bytes()),
                _ => text.push(byte),
            }
        }
    }

    fn escape(&mut self) -> Result<char, usize> {
        let byte = self.peek();
        self.at += 1;
        match byte {
            b'"' | b'\\' | b'/' => Ok(byte.into()),
            b'b' => Ok('\u{8}'),
            b'f' => Ok('\u{c}'),
            b'n' => Ok('\n'),
            b'r' => Ok('\r'),
            b't' => Ok('\t'),
            b'u' => {
                let digits = self.bytes.get(self.at..self.at + 4).ok_or(self.at)?;
                let digits = std::str::from_utf8(digits).map_err(|_| self.at)?;
                let code = u32::from_str_radix(digits, 16).map_err(|_| self.at)?;
                self.at += 4;
                char::from_u32(code).ok_or(self.at)
            }
            _ => Err(self.at - 1),
        }
    }
}
