package identity

import (
	"errors"
	"io/fs"
	"strings"
)

// dmiFields are what firmware says of this one machine, the most certain first.
// All are readable by root alone.
var dmiFields = []struct {
	kind Kind
	name string
}{
	{UUID, "product_uuid"},
	{Serial, "product_serial"},
	{BoardSerial, "board_serial"},
	{Asset, "chassis_asset_tag"},
}

// boardSerial is the devicetree's, on machines without SMBIOS.
const boardSerial = "sys/firmware/devicetree/base/serial-number"

func (r *reader) smbios() {
	for _, f := range dmiFields {
		r.field(f.kind, "sys/class/dmi/id/"+f.name)
	}
	r.field(Serial, boardSerial)
}

func (r *reader) field(kind Kind, name string) {
	data, err := fs.ReadFile(r.root, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return
	case err != nil:
		why := err.Error()
		if errors.Is(err, fs.ErrPermission) {
			why = "only root may read it"
		}
		r.id.Unread = append(r.id.Unread, Unread{kind, "/" + name, why})
		return
	}
	value := strings.Trim(string(data), " \t\r\n\x00")
	if why := Shared(kind, value); why != "" {
		r.refuse(kind, "/"+name, why)
		return
	}
	value = text(value)
	if kind == UUID {
		value, _ = ParseUUID(value)
	}
	r.add(kind, value, "/"+name)
}
