package settings

func (r *reader) credentials() {}
