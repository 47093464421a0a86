"""Takes the faces off heads with the operator's own tool, if there is one, and believes nothing that it says."""
