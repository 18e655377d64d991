package settings

func (r *reader) machines() {}
