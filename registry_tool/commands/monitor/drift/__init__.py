"""Does what serves still answer as its tests say?"""
