#!/bin/sh
# For an initramfs without systemd; sourced by its init.
/usr/lib/attune/initramfs/coldplug || :
