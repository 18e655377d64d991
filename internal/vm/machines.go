package vm

// Machines is every machine that is booted, each with a name and what it packs.
var Machines = []Machine{
	{
		Name: "q35-bare", Board: "q35",
		Why: "nothing but the board: what every other row has besides",
	},
}
