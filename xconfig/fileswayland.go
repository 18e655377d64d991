package xconfig

func (w *writer) wayland() {}
