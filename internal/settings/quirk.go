package settings

func (r *reader) quirks() {}
