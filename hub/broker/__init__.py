"""The pipe to the units: a generated mosquitto and the hub's own connection to it.

The broker is disposable. It keeps nothing on disk; its PUBACK means nothing, a receipt everything.
"""
