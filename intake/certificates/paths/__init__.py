"""Chains of several tiers: a bounded search and the full checks of RFC 5280 along each path.

A card's certificate has one tier and needs none of this; officials' certificates of other
hierarchies do, and a published conformance suite can only be run against whole paths.
"""
