#!/usr/bin/env python3
"""Writes tests/data/sts_endpoints.csv: which STS host botocore calls, and for which region it signs.

Every region that botocore knows, in every partition, with and without FIPS and dual-stack, and with
both values of sts_regional_endpoints. Two parts of botocore are asked, and must agree: a client, by
way of a presigned GetCallerIdentity, and the endpoint rule set of STS. Nothing is sent.

Clients cannot be made for dual-stack in some of the iso partitions: they look into the older
endpoints.json first, which lacks those. The column answered_by says rule-set there.

    tests/scripts/sts_endpoints.py           writes the table
    tests/scripts/sts_endpoints.py --check   says whether the table is still what botocore answers

The first run makes a virtual environment below target/ and installs the pinned botocore there.
"""

import csv
import io
import os
import re
import subprocess
import sys
import venv
from itertools import product
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

BOTOCORE = "1.43.11"
ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "tests" / "data" / "sts_endpoints.csv"
ENVIRONMENT = ROOT / "target" / f"botocore-{BOTOCORE}"
COLUMNS = [
    "partition",
    "region",
    "fips",
    "dual_stack",
    "sts_regional_endpoints",
    "host",
    "signing_region",
    "answered_by",
]


def main() -> int:
    if Path(sys.prefix) != ENVIRONMENT:
        return run_in_environment()
    table = header() + rows()
    if "--check" in sys.argv[1:]:
        if TABLE.read_text() == table:
            return 0
        print(f"{TABLE} is not what botocore {BOTOCORE} answers", file=sys.stderr)
        return 1
    TABLE.write_text(table)
    return 0


def run_in_environment() -> int:
    python = ENVIRONMENT / "bin" / "python"
    if not (ENVIRONMENT / "complete").exists():
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        install = [python, "-m", "pip", "install", "--quiet", f"botocore=={BOTOCORE}"]
        subprocess.run(install, check=True)
        (ENVIRONMENT / "complete").touch()
    # No setting of the user may answer in botocore's place.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    clean |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    return subprocess.run([python, __file__, *sys.argv[1:]], env=clean).returncode


def header() -> str:
    left_out = " ".join(name for _, name, is_region in names() if not is_region)
    return (
        f"# Source: botocore {BOTOCORE} (PyPI), asked by tests/scripts/sts_endpoints.py. Do not edit.\n"
        "# Left out, because they stand for a whole partition and no cluster is there:\n"
        f"# {left_out}\n"
    )


def rows() -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    regions = [(partition, name) for partition, name, is_region in names() if is_region]
    ways = [Client(setting) for setting in ("legacy", "regional")]
    rule_set = RuleSet()
    for (partition, region), fips, dual_stack in product(regions, (False, True), (False, True)):
        for client in ways:
            legacy = client.sts_regional_endpoints == "legacy"
            answer, answered_by = rule_set.ask(region, fips, dual_stack, legacy), "rule-set"
            its_answer = client.ask(region, fips, dual_stack)
            if its_answer is not None:
                assert its_answer == answer, f"{region}: {its_answer} or {answer}"
                answered_by = "client"
            flags = [str(flag).lower() for flag in (fips, dual_stack)]
            setting = client.sts_regional_endpoints
            writer.writerow([partition, region, *flags, setting, *answer, answered_by])
    return text.getvalue()


class Client:
    """Asks clients made as a program would make them."""

    def __init__(self, sts_regional_endpoints: str):
        from botocore.session import Session

        self.sts_regional_endpoints = sts_regional_endpoints
        self.session = Session()
        self.session.set_credentials("AKIDEXAMPLE", "secret")
        self.session.set_config_variable("sts_regional_endpoints", sts_regional_endpoints)

    def ask(self, region: str, fips: bool, dual_stack: bool) -> tuple[str, str] | None:
        """Host and signing region of a presigned GetCallerIdentity."""
        from botocore.config import Config
        from botocore.exceptions import EndpointVariantError

        config = Config(use_fips_endpoint=fips, use_dualstack_endpoint=dual_stack)
        try:
            client = self.session.create_client("sts", region_name=region, config=config)
        except EndpointVariantError:
            return None
        url = urlsplit(client.generate_presigned_url("get_caller_identity"))
        _, _, signing_region, _, _ = parse_qs(url.query)["X-Amz-Credential"][0].split("/")
        return url.netloc, signing_region


class RuleSet:
    """Asks the endpoint rule set of STS."""

    def __init__(self):
        from botocore.endpoint_provider import EndpointProvider
        from botocore.session import Session

        loader = Session().get_component("data_loader")
        rules = loader.load_service_model("sts", "endpoint-rule-set-1")
        self.provider = EndpointProvider(rules, loader.load_data("partitions"))

    def ask(self, region: str, fips: bool, dual_stack: bool, legacy: bool) -> tuple[str, str]:
        endpoint = self.provider.resolve_endpoint(
            Region=region, UseFIPS=fips, UseDualStack=dual_stack, UseGlobalEndpoint=legacy
        )
        # Without a scheme of its own, an endpoint is signed for the region asked about.
        schemes = endpoint.properties.get("authSchemes", [{"signingRegion": region}])
        return urlsplit(endpoint.url).netloc, schemes[0]["signingRegion"]


def names() -> list[tuple[str, str, bool]]:
    """Partition, name, and whether it is the name of a region, in alphabetical order."""
    from botocore.session import Session

    loader = Session().get_component("data_loader")
    regions = set()
    patterns = {}
    for partition in loader.load_data("partitions")["partitions"]:
        patterns[partition["id"]] = re.compile(partition["regionRegex"])
        regions |= {(partition["id"], name) for name in partition["regions"]}
    for partition in loader.load_data("endpoints")["partitions"]:
        regions |= {(partition["partition"], name) for name in partition["regions"]}
    return [
        (partition, name, patterns[partition].match(name) is not None)
        for partition, name in sorted(regions)
    ]


if __name__ == "__main__":
    sys.exit(main())
