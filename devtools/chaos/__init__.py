"""Trials by fire: real servers, real sockets, real browsers and real faults, and a checker that believes nobody.

`clients` journal what they send and hear, `runs` do harm, `checker` reads journals, database, record and exports.
"""
