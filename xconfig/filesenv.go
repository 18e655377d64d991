package xconfig

func (w *writer) environment() {}

func (w *writer) resources() {}
