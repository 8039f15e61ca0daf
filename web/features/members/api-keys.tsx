export const ApiKeys = () => null
