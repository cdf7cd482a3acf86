//! `eks-token derive-key`

use std::io::{self, Write as _};
use std::path::Path;

use eks_token_gateway::credentials::KeyFile;
use eks_token_host::{Day, EndpointFeatures, Signer, SigningMaterial, StsEndpoint};
use tempfile::NamedTempFile;
use time::{Date, Month};

use crate::arguments::DeriveKey;
use crate::caller::Caller;
use crate::failure::Failure;
use crate::output::Output;
use crate::world::World;

/// Derives the keys of two days and writes them.
pub(crate) async fn run(
    arguments: &DeriveKey,
    world: &World,
    signer: &Signer,
) -> Result<Output, Failure> {
    let caller = Caller::find(world, &arguments.aws, None).await?;
    let is_long_lived = caller.credentials.access_key_id.is_long_lived();
    if is_long_lived && !arguments.force {
        return Err(Failure::LongLivedKey);
    }
    if let Some(at) = caller.credentials.expires_at.filter(|at| *at <= world.now) {
        return Err(Failure::CredentialsExpired(at));
    }
    let first = match arguments.day {
        Some(day) => day,
        None => world.signing_time()?.day(),
    };
    let file = derive(caller, signer, [first, next(first)?])?;
    let Some(path) = &arguments.output else { return Ok(Output::new(file.to_json())) };
    write(path, &file.to_json()).map_err(|error| Failure::Write { path: path.clone(), error })?;
    Ok(Output::default().note(format!(
        "wrote {}: signing keys for {} on {first} and {}",
        path.display(),
        file.region,
        next(first)?
    )))
}

fn derive(caller: Caller, signer: &Signer, days: [Day; 2]) -> Result<KeyFile, Failure> {
    let Caller { credentials, region, .. } = caller;
    // FIPS and dual-stack change the host, not the key.
    let endpoint = StsEndpoint::Regional(EndpointFeatures::default());
    let keys = match &credentials.material {
        SigningMaterial::SecretAccessKey(secret) => days
            .into_iter()
            .map(|day| signer.derive_signing_key(secret, &region, &endpoint, day))
            .collect::<Result<_, _>>()?,
        SigningMaterial::DayKeys(keys) => keys.clone(),
    };
    Ok(KeyFile {
        access_key_id: credentials.access_key_id,
        session_token: credentials.session_token,
        expires_at: credentials.expires_at,
        region,
        keys,
    })
}

/// The day after.
fn next(day: Day) -> Result<Day, Failure> {
    let number = day.number();
    // Below a hundred each.
    let part = |number: u32| u8::try_from(number % 100).unwrap_or_default();
    Month::try_from(part(number / 100))
        .ok()
        .zip(i32::try_from(number / 10_000).ok())
        .and_then(|(month, year)| Date::from_calendar_date(year, month, part(number)).ok())
        .and_then(Date::next_day)
        .and_then(|date| {
            let year = u32::try_from(date.year()).ok()?;
            let month = u32::from(u8::from(date.month()));
            Day::try_from(year * 10_000 + month * 100 + u32::from(date.day())).ok()
        })
        .ok_or(Failure::NoNextDay)
}

/// The new file takes the old one's place in one step: whoever reads sees the one or the other.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // For the owner alone: tempfile creates it with mode 0600.
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
