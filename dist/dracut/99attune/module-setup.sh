#!/bin/bash
# dracut: attune's coldplug instead of udev's. coldplug=off in
# /etc/attune/initramfs.conf, or omit_dracutmodules+=" attune ", keeps it out.

check() {
	local coldplug=instead
	# shellcheck source=/dev/null
	[[ ! -e ${dracutsysrootdir-}/etc/attune/initramfs.conf ]] || . "${dracutsysrootdir-}/etc/attune/initramfs.conf"
	[[ $coldplug != off ]] || return 255
	require_binaries attune modinfo || return 1
}

depends() {
	return 0
}

# What the other modules have put in is written down: this one is among the
# last, and the kernel's part of it comes after its own.
installkernel() {
	/usr/lib/attune/initramfs/lists "$initdir" "$kernel"
}

install() {
	local us=/usr/lib/attune/initramfs
	inst_multiple attune sleep $us/mode $us/coldplug $us/trigger
	# dracut leaves them out of an initramfs for any machine; what they deny is
	# denied before the root is there, too.
	inst_multiple -o "/usr/lib/modprobe.d/*.conf" "/lib/modprobe.d/*.conf" "/etc/modprobe.d/*.conf"
	if dracut_module_included "systemd"; then
		inst_multiple mkdir rm ln $us/beside $us/at-rest
		mkdir -p "$initdir$us/keep"
		ln -sf /usr/bin/attune "$initdir$us/keep/@attune"
		# shellcheck disable=SC2154
		inst_simple "$moddir/attune-initramfs.service" "$systemdsystemunitdir/attune-initramfs.service"
		inst_simple "$moddir/50-attune.conf" "$systemdsystemunitdir/systemd-udev-trigger.service.d/50-attune.conf"
		$SYSTEMCTL -q --root "$initdir" add-wants sysinit.target attune-initramfs.service
	else
		# Without systemd dracut's own init triggers everything: attune first.
		inst_hook pre-udev 50 "$moddir/attune-pre-udev.sh"
	fi
}
