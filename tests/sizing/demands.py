"""Demand files for tests: 180 calls an hour of 180 s, a tenth of whom the IVR serves, patience 120 s."""


def law(kind: str, mean: float) -> str:
    return f"{{law: {kind}, mean: {mean}s, basis: measured, source: log}}"


def demand_file(
    talk: str = law("exponential", 180),
    wrap_up: str = law("deterministic", 0),
    patience: str = law("exponential", 120),
    rate: str = "180/h",
) -> str:
    return f"""\
simtel: demand/1
id: tests
title: {{en: Tests, zh: 测试}}
arrivals:
  rate: {{value: {rate}, basis: measured, source: log}}
service: {{talk: {talk}, wrap_up: {wrap_up}}}
ivr:
  time: {law("exponential", 20)}
  leaves: {{value: 10%, basis: measured, source: log}}
{f"patience: {patience}" if patience else ""}
targets:
  service_level: {{value: 80%, basis: quoted, source: contract}}
  threshold: {{value: 20s, basis: quoted, source: contract}}
"""
