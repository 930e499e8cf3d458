// SPDX-License-Identifier: Apache-2.0
//! Runs test vectors against fmap.rs: `vectors FILE...`. Exit status 1 where it differs, 2 where there is nothing to
//! run. Build: `rustc -O vectors.rs`. To test another parser, replace `verdict`, and `resolve` or take it out.
mod fmap;
mod json;

use fmap::{Extent, Map, Place, Profile};
use json::Json;
use std::{env, fs, process};

/// The errno's name, or "accept" with the map.
fn verdict(profile: &Profile, msg: &[u8]) -> (&'static str, Option<Map>) {
    match fmap::parse(profile, msg) {
        Ok(map) => ("accept", Some(map)),
        Err(fmap::E2BIG) => ("E2BIG", None),
        Err(fmap::ENOMEM) => ("ENOMEM", None),
        Err(fmap::ERANGE) => ("ERANGE", None),
        Err(_) => ("EINVAL", None),
    }
}

/// The verdicts that are right; "accept" comes with the map.
fn expected(test: &Json) -> Vec<&str> {
    match test.at("result").text() {
        "valid" => vec!["accept"],
        "invalid" => vec![test.at("errno").text()],
        _ => test.at("allowed").items().iter().map(Json::text).collect(),
    }
}

fn same_range(range: &[u64; 3], json: &Json) -> bool {
    ["devindex", "offset", "length"].iter().zip(range).all(|(key, n)| json.at(key).number() == Some(*n))
}

fn same_extent(extent: &Extent, json: &Json) -> bool {
    match extent {
        Extent::Simple(range) => same_range(range, json),
        Extent::Interleaved { chunk_size, nbytes, strips } => {
            let wanted = json.at("strips").items();
            json.at("chunkSize").number() == Some((*chunk_size).into())
                && json.at("nbytes").number() == Some(*nbytes)
                && strips.len() == wanted.len()
                && strips.iter().zip(wanted).all(|(strip, json)| same_range(strip, json))
        }
    }
}

fn same_map(map: &Map, json: &Json) -> bool {
    let wanted = json.at("extents").items();
    json.at("fileType").number() == Some(map.file_type.into())
        && json.at("extType").text() == ["simple", "interleaved"][map.ext_type as usize]
        && json.at("fileSize").number() == Some(map.file_size)
        && json.at("devBitmap").number() == Some(map.dev_bitmap)
        && map.extents.len() == wanted.len()
        && map.extents.iter().zip(wanted).all(|(extent, json)| same_extent(extent, json))
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(hex.get(i..i + 2)?, 16).ok()).collect()
}

fn same_place(place: Place, json: &Json) -> bool {
    match place {
        Place::Found(range) => same_range(&range, json),
        Place::Empty => json.at("length").number() == Some(0) && json.at("devindex") == &Json::Null,
        Place::Failed(errno) => errno == fmap::EIO && json.at("errno").text() == "EIO",
        Place::Unknown => false,
    }
}

/// The first of the file offsets that are asked about whose resolution is another.
fn misplaced(profile: &Profile, map: &Map, test: &Json) -> Option<String> {
    let (asked, resolved) = (test.at("resolve").items(), test.at("resolved").items());
    if asked.len() != resolved.len() {
        return Some("not as many resolutions as questions".into());
    }
    let place = |ask: &Json| {
        let number = |i: usize| ask.items().get(i).and_then(Json::number).unwrap_or(u64::MAX);
        fmap::resolve(profile, map, number(0), number(1))
    };
    let wrong = asked.iter().zip(resolved).find(|(ask, wanted)| !same_place(place(ask), wanted));
    wrong.map(|(ask, _)| format!("another resolution: {:?}", place(ask)))
}

/// What is wrong with the parser's answer.
fn difference(profile: &Profile, test: &Json) -> Option<String> {
    let (said, map) = match bytes(test.at("msg").text()) {
        Some(msg) => verdict(profile, &msg),
        None => return Some("msg is not hex".into()),
    };
    let right = expected(test);
    if !right.contains(&said) {
        return Some(format!("expected {}, got {}", right.join(" or "), said));
    }
    let map = map?;
    if !same_map(&map, test.at("map")) {
        return Some(format!("another map: {map:?}"));
    }
    misplaced(profile, &map, test)
}

/// Prints each difference of a file and a summary, and tells how many there are.
fn run(path: &str) -> Result<u64, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    let file = json::read(&text).map_err(|at| format!("{path}: no JSON at byte {at}"))?;
    let (mut tests, mut failed) = (0, 0);
    for group in file.at("testGroups").items() {
        let name = group.at("profile").text();
        let profile = fmap::profile(name).ok_or(format!("{path}: there is no profile '{name}'"))?;
        for test in group.at("tests").items() {
            tests += 1;
            if let Some(wrong) = difference(profile, test) {
                println!("{path}: tcId {} {}: {wrong}", test.at("tcId").number().unwrap_or(0), test.at("id").text());
                failed += 1;
            }
        }
    }
    let announced = file.at("numberOfTests").number().ok_or(format!("{path}: these are no vectors"))?;
    if announced != tests {
        println!("{path}: numberOfTests is {announced}, and there are {tests}");
        failed += 1;
    }
    println!("{path}: {tests} vectors, {failed} differ");
    Ok(failed)
}

fn main() {
    let paths: Vec<String> = env::args().skip(1).collect();
    if paths.is_empty() {
        eprintln!("usage: vectors FILE...");
        process::exit(2);
    }
    let mut failed = 0;
    for path in paths {
        failed += run(&path).unwrap_or_else(|error| {
            eprintln!("vectors: {error}");
            process::exit(2)
        });
    }
    process::exit((failed > 0) as i32);
}
