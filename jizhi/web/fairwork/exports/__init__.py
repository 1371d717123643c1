"""Exports of the room for fair process, as workbooks."""
