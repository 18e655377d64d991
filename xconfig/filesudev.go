package xconfig

func (w *writer) udev() {}
